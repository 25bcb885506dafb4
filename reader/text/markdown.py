"""Markdown to safe HTML. Every note passes here, and only here."""

import html
from functools import lru_cache

import nh3
from markdown_it import MarkdownIt

_reader = MarkdownIt("commonmark", {"html": False, "linkify": False}).enable("strikethrough").disable("image")
TAGS = {"p", "br", "em", "strong", "s", "a", "code", "pre", "blockquote", "ul", "ol", "li", "h3", "h4", "hr"}


@lru_cache(maxsize=4096)
def to_html(body: str) -> str:
    """The HTML of a note: no images, no raw HTML, links over http(s) and mailto only, `rel` set on each."""
    tokens = _reader.parse(body)
    for token in tokens:
        if token.tag in {"h1", "h2", "h5", "h6"}:
            token.tag = "h3" if token.tag in {"h1", "h2"} else "h4"
    return nh3.clean(
        _reader.renderer.render(tokens, _reader.options, {}),
        tags=TAGS,
        attributes={"a": {"href", "title"}, "ol": {"start"}},
        url_schemes={"http", "https", "mailto"},
        link_rel="nofollow ugc noopener",
    )


def to_plain(body: str, most: int = 160) -> str:
    """The words of a note without its markup, at most `most` code points, for titles and lists.

    Plain text, not HTML: whoever puts it in a page escapes it.
    """
    words = " ".join(html.unescape(nh3.clean(to_html(body), tags=set())).split())
    if len(words) <= most:
        return words
    cut = words[: most - 1]
    whole = cut.rpartition(" ")[0].rstrip(" ,;:.") if words[most - 1] != " " else cut
    return (whole if len(whole) > most // 2 else cut).rstrip() + "…"  # not every script has spaces
