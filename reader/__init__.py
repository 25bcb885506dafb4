"""Civdip Reader: a reading room for annotated articles."""
