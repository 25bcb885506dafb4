"""Doors for programs: the W3C Web Annotation Protocol and the Hypothesis-compatible API."""
