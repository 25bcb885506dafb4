"""HTML of notes from elsewhere as Markdown."""

import pytest

from reader.formats.note_html import to_markdown
from reader.text.markdown import to_html


@pytest.mark.parametrize(
    "html, markdown",
    [
        ("<p>One.</p><p>Two.</p>", "One.\n\nTwo."),
        ("<b>strong</b> and <i>soft</i>", "**strong** and *soft*"),
        ('<a href="https://a.example/x(1)">there</a>', "[there](<https://a.example/x(1)>)"),
        ("<a>nowhere</a>", "nowhere"),
        ("<ul><li>a</li><li>b</li></ul>", "- a\n- b"),
        ("<ol><li>a</li><li>b</li></ol>", "1. a\n2. b"),
        ("<p>a</p><script>alert(1)</script><style>p{}</style><p>b</p>", "a\n\nb"),
        ("no &amp; tags *at all*", "no & tags \\*at all\\*"),
        ("", ""),
        ("<p>un<b>closed", "un**closed"),
    ],
)
def test_words_and_their_emphasis_stay(html, markdown):
    assert to_markdown(html) == markdown


@pytest.mark.parametrize(
    "href, base, markdown",
    [
        ("../b#c", "https://a.example/x/y", "[there](<https://a.example/b#c>)"),
        ("//b.example/", "https://a.example/x/y", "[there](<https://b.example/>)"),
        ("mailto:wen@a.example", "", "[there](<mailto:wen@a.example>)"),
        ("https://a.example/a b>c\\d", "", "[there](<https://a.example/a%20b%3Ec%5Cd>)"),
        ("../b", "", "there"),
        ("../b", "urn:uuid:1", "there"),
        ("javascript:alert(1)", "https://a.example/", "there"),
        ("http://[", "https://a.example/", "there"),
    ],
)
def test_links_lead_where_they_led_or_are_left_to_their_words(href, base, markdown):
    assert to_markdown(f'<a href="{href}">there</a>', base=base) == markdown


def test_a_quotation_stays_one():
    assert "<blockquote>" in to_html(to_markdown("<blockquote><p>said</p></blockquote><p>then</p>"))


def test_there_and_back_is_the_same_html():
    html = to_html("A *note* with **strong** words, a [link](https://a.example/) and `code`.\n\n- one\n- two")
    assert to_html(to_markdown(html)) == html
