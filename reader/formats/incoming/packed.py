"""Files that are ZIP archives inside (DOCX, EPUB): opened only when they are what they say and not a trap."""

import io
import re
import zipfile

from lxml import etree

from reader.formats.incoming.model import Unreadable

MOST_PARTS = 10_000
_TRAP = re.compile(rb"<!ENTITY", re.IGNORECASE)


class Packed:
    """A ZIP archive whose parts are small enough together. Raises Unreadable otherwise."""

    def __init__(self, data: bytes, *, most_bytes: int) -> None:
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(data))
            parts = self._zip.infolist()
        except Exception as error:  # zipfile raises half a dozen kinds, and they all mean that it cannot be opened
            raise Unreadable("broken") from error
        if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > most_bytes:
            raise Unreadable("unpacks_too_large")
        if any(part.flag_bits & 0x1 for part in parts):
            raise Unreadable("encrypted")
        self.names = {part.filename for part in parts}

    def read(self, name: str) -> bytes:
        """The bytes of one part. Raises Unreadable when it is missing or damaged."""
        try:
            return self._zip.read(name)
        except Exception as error:  # zlib.error, lzma errors, KeyError: it is damaged or not there
            raise Unreadable("broken") from error

    def xml(self, name: str) -> etree._Element:
        """One part as XML, without entities. Raises Unreadable when it declares some, or is no XML."""
        data = self.read(name)
        if _TRAP.search(data):
            raise Unreadable("entities")
        parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
        try:
            return etree.fromstring(data, parser)
        except etree.XMLSyntaxError as error:
            raise Unreadable("broken") from error

    def refuse_entities(self, ending: str) -> None:
        """Raise Unreadable when a part with that ending declares entities: they can unfold without end."""
        for name in self.names:
            if name.endswith(ending) and _TRAP.search(self.read(name)):
                raise Unreadable("entities")
