"""Texts from outside: one file for each format, each giving a Raw that reader.text.cleaning makes readable.

Nothing here touches the database, and nothing imports Django. apart.py runs a reader in a process of its own.
"""

from reader.formats.incoming.model import Front, Incoming, Raw, Unreadable

__all__ = ["Front", "Incoming", "Raw", "Unreadable"]
