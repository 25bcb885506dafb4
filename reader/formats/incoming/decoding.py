"""Bytes to text: the encoding a file says it has, or the one it must have."""

import codecs
import re

from charset_normalizer import from_bytes

from reader.formats.incoming.model import Unreadable

_SAYS = re.compile(rb"""<(?:meta|\?xml)[^>]{0,200}?(?:charset|encoding)\s*=\s*["']?\s*([\w-]+)""", re.IGNORECASE)
_MARKS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF32_LE, "utf-32"), (codecs.BOM_UTF32_BE, "utf-32"),
          (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))  # fmt: skip
# What pages mean by these names (WHATWG Encoding Standard): each is read as the larger set that holds it.
_MEANT = {
    "iso-8859-1": "windows-1252", "latin1": "windows-1252", "ascii": "windows-1252", "us-ascii": "windows-1252",
    "gb2312": "gb18030", "gbk": "gb18030", "iso-8859-9": "windows-1254", "shift_jis": "cp932", "big5": "big5hkscs",
    "tis-620": "cp874", "euc-kr": "cp949", "ks_c_5601-1987": "cp949",
}  # fmt: skip
_SAMPLE = 1 << 18  # bytes that the guess at an encoding looks at


def text_of(data: bytes, *, markup: bool = False) -> str:
    """The text of a file, its line ends made «\\n». Raises Unreadable for what is no text or cannot be told."""
    text = _decoded(data, markup=markup).removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    odd = sum(sign < " " and sign not in "\n\t\f\v\x1b" for sign in text[:_SAMPLE])
    if "\x00" in text or odd > len(text[:_SAMPLE]) // 100:
        raise Unreadable("not_text")
    return re.sub("[\x00-\x08\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]", "", text)


def _decoded(data: bytes, *, markup: bool) -> str:
    named = _named(data, markup=markup)
    for encoding in filter(None, (named, "utf-8")):
        try:
            return data.decode(encoding)
        except (UnicodeDecodeError, LookupError):
            continue
    if b"\x00" in data[:4096]:
        raise Unreadable("not_text")
    best = from_bytes(data[:_SAMPLE]).best()
    if best is None:
        raise Unreadable("encoding")
    return data.decode(best.encoding, errors="replace")


def _named(data: bytes, *, markup: bool) -> str:
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return encoding
    found = _SAYS.search(data[:4096]) if markup else None
    name = found[1].decode("ascii").lower() if found else ""
    return _MEANT.get(name, name)
