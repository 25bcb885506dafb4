"""Files of each format, small and made here: honest ones, and those that would do harm."""

import io
import zipfile
import zlib

PARAGRAPHS = (
    "In the spring of that year the envoys wrote to the capital, and the capital did not answer them at all.",
    "The second letter went by the coast road; a merchant from the south carried it under his own seal.",
    "Nobody asked for the copies until the year was out and the embassies were closed for the winter.",
)


def zipped(parts: dict[str, str | bytes]) -> bytes:
    """A ZIP archive of these parts."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return made.getvalue()


def locked(data: bytes) -> bytes:
    """The same archive with the bit set that says its parts are encrypted."""
    changed = bytearray(data)
    for sign, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = changed.find(sign)
        while at >= 0:
            changed[at + offset] |= 1
            at = changed.find(sign, at + 4)
    return bytes(changed)


# --- DOCX ---------------------------------------------------------------------------------------------

_W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
_R = 'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
_TYPES = (
    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/>'
    '<Override PartName="/word/document.xml" ContentType='
    '"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>'
)
_RELS = '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{}</Relationships>'
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def word_paragraph(*runs: str, style: str = "", numbered: bool = False) -> str:
    """A `w:p` of runs, each plain words or a `w:` element of its own."""
    props = f'<w:pStyle w:val="{style}"/>' if style else ""
    props += '<w:numPr><w:ilvl w:val="0"/><w:numId w:val="1"/></w:numPr>' if numbered else ""
    inside = "".join(run if run.startswith("<w:") else word_run(run) for run in runs)
    return f"<w:p><w:pPr>{props}</w:pPr>{inside}</w:p>"


def word_run(words: str, *marks: str) -> str:
    """A `w:r`; marks are «b» and «i»."""
    return f'<w:r><w:rPr>{"".join(f"<w:{m}/>" for m in marks)}</w:rPr><w:t xml:space="preserve">{words}</w:t></w:r>'


def word_table(*rows: tuple[str, ...]) -> str:
    """A `w:tbl` of these rows of cells."""
    made = "".join(
        "<w:tr>" + "".join(f"<w:tc>{word_paragraph(cell)}</w:tc>" for cell in row) + "</w:tr>" for row in rows
    )
    return f"<w:tbl>{made}</w:tbl>"


def docx(*body: str, notes: dict[int, str] | None = None, title: str = "", author: str = "", extra: str = "") -> bytes:
    """A Word document of these body elements, with footnotes by their numbers. `extra` goes before the document."""
    styles = "".join(
        f'<w:style w:type="paragraph" w:styleId="{name.replace(" ", "")}"><w:name w:val="{name}"/></w:style>'
        for name in ("Title", "heading 1", "heading 2", "Quote")
    )
    footnotes = "".join(
        f'<w:footnote w:id="{number}">{word_paragraph(words)}</w:footnote>' for number, words in (notes or {}).items()
    )
    numbering = (
        '<w:abstractNum w:abstractNumId="0"><w:lvl w:ilvl="0"><w:numFmt w:val="decimal"/></w:lvl></w:abstractNum>'
        '<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num>'
    )
    relations = "".join(
        f'<Relationship Id="r{n}" Type="{_OFFICE}/{name}" Target="{name}.xml"/>'
        for n, name in enumerate(("styles", "footnotes", "numbering"))
    )
    return zipped(
        {
            "[Content_Types].xml": _TYPES,
            "_rels/.rels": _RELS.format(
                f'<Relationship Id="d" Type="{_OFFICE}/officeDocument" Target="word/document.xml"/>'
            ),
            "word/_rels/document.xml.rels": _RELS.format(
                f'{relations}<Relationship Id="web" Type="{_OFFICE}/hyperlink" Target="https://example.org/" '
                'TargetMode="External"/>'
            ),
            "word/document.xml": f"{extra}<w:document {_W} {_R}><w:body>{''.join(body)}</w:body></w:document>",
            "word/styles.xml": f"<w:styles {_W}>{styles}</w:styles>",
            "word/footnotes.xml": f"<w:footnotes {_W}>{footnotes}</w:footnotes>",
            "word/numbering.xml": f"<w:numbering {_W}>{numbering}</w:numbering>",
            "docProps/core.xml": (
                '<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties"'
                ' xmlns:dc="http://purl.org/dc/elements/1.1/">'
                f"<dc:title>{title}</dc:title><dc:creator>{author}</dc:creator></cp:coreProperties>"
            ),
        }
    )


# --- EPUB ---------------------------------------------------------------------------------------------


def epub(chapters: dict[str, str], *, title: str = "Letters", extra: dict[str, str | bytes] | None = None) -> bytes:
    """A book of these chapters: file names and the inside of their bodies."""
    items = "".join(
        f'<item id="c{n}" href="{name}" media-type="application/xhtml+xml"/>' for n, name in enumerate(chapters)
    )
    spine = "".join(f'<itemref idref="c{n}"/>' for n in range(len(chapters)))
    parts: dict[str, str | bytes] = {
        "mimetype": "application/epub+zip",
        "META-INF/container.xml": (
            '<container xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles>'
            '<rootfile full-path="OPS/book.opf"/></rootfiles></container>'
        ),
        "OPS/book.opf": (
            '<package xmlns="http://www.idpf.org/2007/opf"><metadata xmlns:dc="http://purl.org/dc/elements/1.1/">'
            f"<dc:title>{title}</dc:title><dc:creator>Ann Clerk</dc:creator><dc:language>en</dc:language>"
            "<dc:publisher>A Press</dc:publisher><dc:date>2024-05-01T00:00:00Z</dc:date></metadata>"
            f"<manifest>{items}</manifest><spine>{spine}</spine></package>"
        ),
    }
    for name, body in chapters.items():
        parts[f"OPS/{name}"] = (
            '<?xml version="1.0" encoding="utf-8"?><html xmlns="http://www.w3.org/1999/xhtml" '
            f'xmlns:epub="http://www.idpf.org/2007/ops"><head><title>x</title></head><body>{body}</body></html>'
        )
    return zipped(parts | (extra or {}))


# --- PDF ----------------------------------------------------------------------------------------------


def pdf(*pages: list[tuple[float, float, float, str]], title: str = "") -> bytes:
    """A PDF file. A page is a list of (x, y, size, words): points from the left and from the foot of the page."""
    objects: list[bytes] = [b"", b"", b"<</Type/Font/Subtype/Type1/BaseFont/Times-Roman/Encoding/WinAnsiEncoding>>"]
    kids = []
    for page in pages:
        drawn = b"".join(_drawn(*line) for line in page)
        objects.append(b"<</Length %d>>stream\n%s\nendstream" % (len(drawn), drawn))
        box = b"/MediaBox[0 0 420 595]/Resources<</Font<</F1 3 0 R>>>>"
        objects.append(b"<</Type/Page/Parent 2 0 R%s/Contents %d 0 R>>" % (box, len(objects)))
        kids.append(b"%d 0 R" % len(objects))
    objects[0] = b"<</Type/Catalog/Pages 2 0 R>>"
    objects[1] = b"<</Type/Pages/Kids[%s]/Count %d>>" % (b" ".join(kids), len(kids))
    objects.append(b"<</Title(%s)>>" % title.encode("latin-1"))
    return _file(objects)


def _drawn(x: float, y: float, size: float, words: str) -> bytes:
    shown = words.encode("cp1252").replace(b"\\", b"\\\\").replace(b"(", b"\\(").replace(b")", b"\\)")
    return b"BT /F1 %g Tf 1 0 0 1 %g %g Tm (%s) Tj ET\n" % (size, x, y, shown)


def _file(objects: list[bytes]) -> bytes:
    made = b"%PDF-1.4\n"
    places = []
    for number, content in enumerate(objects, 1):
        places.append(len(made))
        made += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    rows = b"".join(b"%010d 00000 n \n" % at for at in places)
    trailer = b"<</Size %d/Root 1 0 R/Info %d 0 R>>" % (len(objects) + 1, len(objects))
    start = len(made)
    return made + b"xref\n0 %d\n0000000000 65535 f \n%strailer%s\nstartxref\n%d\n%%%%EOF" % (
        len(objects) + 1, rows, trailer, start,
    )  # fmt: skip


def pdf_of_lines(lines: list[str], *, head: str = "", foot: str = "", per_page: int = 30) -> bytes:
    """Lines set one under the other, a head and a foot on each page; «{n}» in these is the number of the page."""
    pages = []
    for number, first in enumerate(range(0, len(lines), per_page), 1):
        page = [(60.0, 500.0 - 14 * row, 11.0, words) for row, words in enumerate(lines[first : first + per_page])]
        page = [line for line in page if line[3]]
        page += [(60.0, 560.0, 9.0, head.format(n=number))] if head else []
        page += [(200.0, 30.0, 9.0, foot.format(n=number))] if foot else []
        pages.append(page)
    return pdf(*pages)


def locked_pdf() -> bytes:
    """A PDF file that asks for a password."""
    from pypdf import PdfReader, PdfWriter

    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(pdf([(60, 500, 11, "Secret words.")]))))
    writer.encrypt("open", algorithm="AES-256")
    made = io.BytesIO()
    writer.write(made)
    return made.getvalue()


def pdf_bomb(size: int = 400_000_000) -> bytes:
    """A PDF file whose one page unpacks to `size` bytes of spaces."""
    packer = zlib.compressobj(9)
    packed = b"".join(packer.compress(b" " * 1_000_000) for _ in range(size // 1_000_000)) + packer.flush()
    content = b"<</Length %d/Filter/FlateDecode>>stream\n%s\nendstream" % (len(packed), packed)
    page = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 420 595]/Contents 3 0 R>>"
    return _file([b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Kids[4 0 R]/Count 1>>", content, page, b"<<>>"])


def zip_bomb(size: int = 210_000_000) -> bytes:
    """A Word document whose text unpacks to `size` bytes."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        archive.writestr("[Content_Types].xml", _TYPES)
        with archive.open("word/document.xml", "w", force_zip64=True) as part:
            for _ in range(size // 1_000_000):
                part.write(b" " * 1_000_000)
    return made.getvalue()
