"""Markdown for Obsidian: what other people wrote stays in its place, and its words stay words."""

import pytest
import yaml
from markdown_it import MarkdownIt

from reader.formats.annotated import Annotated
from reader.formats.markdown_export import export
from reader.formats.obsidian import literal, note_body, properties, tags
from reader.models import Article
from reader.operations import annotating
from tests.make import make_article, make_note

HOSTILE = "A: \"title\" # of\n---\n'it' \\ [[x]] <b> 題名 `c` &amp; \x7f\u0085\u2028\ufeff🙂 %%"


@pytest.mark.parametrize("value", [HOSTILE, [HOSTILE, "- x: y", "蔡, 英文", "null", "2024-01-01", "~"], "yes", 3])
def test_front_matter_is_yaml_of_the_same_values(value):
    given = properties({"title": value, "empty": ""})
    assert given.startswith("---\n") and given.endswith("\n---\n\n") and given.count("\n") == 4
    assert yaml.safe_load(given[4:-5]) == {"title": value}


@pytest.mark.parametrize(
    "written, kept",
    [
        ("It cost $5–$6, %%or%% so", "It cost \\$5–\\$6, \\%\\%or\\%\\% so"),
        ("a == b === c", "a \\=\\= b \\=\\=\\= c"),
        ("#metoo, C#x, # 1 &#32;", "\\#metoo, C#x, # 1 &#32;"),
        ("as above ^p3", "as above \\^p3"),
        ("\\\\$ \\$", "\\\\\\$ \\$"),
        ('[a](<https://x.example/$b>) <a href="$">c</a>',) * 2,
        ("```row\n$a$\t==\n```",) * 2,
    ],
)
def test_signs_in_the_text_are_words(written, kept):
    assert literal(written) == kept


@pytest.mark.parametrize(
    "body, kept",
    [
        ("%% hidden", "\\%\\% hidden"),
        ("[[wiki]] ![[embed]]", "[\\[wiki]] \\![\\[embed]]"),
        ("[[1]](https://x.example/)", "[\\[1]](https://x.example/)"),
        ("See [^1].\n\n[^1]: mine", "See [\\^1].\n\n[\\^1]: mine"),
        ("> [!note] Ed Editor", "> [\\!note] Ed Editor"),
        ("a ``` <img>", "a ``` \\<img>"),
        ("`a\n\n<img> b`", "`a\n\n\\<img> b`"),
        ("`` <b> ` `` <b>", "`` <b> ` `` \\<b>"),
        ("    <b> in code", "    <b> in code"),
        ("one\rtwo\r\nthree", "one\ntwo\nthree"),
        ("```\n<b>", "```\n<b>\n```"),
        ("~~~~ x\n```\n~~~", "~~~~ x\n```\n~~~\n~~~~"),
        ("```", "```\n```"),
        ("```\nx\n```",) * 2,
        ("- ```\n  x",) * 2,  # the list ends it
        ("", ""),
    ],
)
def test_only_what_acts_on_the_page_of_a_note_acts(body, kept):
    assert note_body(body) == kept


def test_tags_are_tags():
    assert tags(["a b", "7", "蔡英文", "x//y/", "C++", "2024年", "हिन्दी", "--", "a.b"]) == (
        "#a-b #蔡英文 #x/y #C #2024年 #हिन्दी #a-b"
    )


BREAKING = [
    "```\nunclosed", "---\n\n# Heading\n\n***", "<div>\n\n<script>x</script>", "> quote\n- list", "a\n===\nb\n---",
    "~~~~\n```\n", "one\r# two\r\rthree", "<!-- c", "\\", "- ```\n  x", "[x]: https://x.example", "`", "    code",
]  # fmt: skip


@pytest.mark.django_db
def test_nothing_breaks_out_of_its_place(people):
    """Read by a reader of Markdown with HTML: one heading, then text and notes in turn, each whole."""
    words = ["It == *this* <b>. ```", "---", "# x", "> q", "1. x", "<script>", "~~~", "[^1]: x", "    code"]
    text = make_article(*words, authors=[HOSTILE])
    Article.objects.filter(pk=text.pk).update(title=HOSTILE, changes="We\n# cut\n---", copyright_holder="<b>")
    text.refresh_from_db()
    for body in BREAKING:
        note = make_note(text, author=people.editor, on="# x", body=body, tags=["seen"])
        annotating.reply(parent=note, author=people.editor, body="The answer.")
    given = "".join(export(Annotated(text, people.editor)))
    front, rest = given[4:].split("\n---\n", 1)
    assert yaml.safe_load(front)["title"] == HOSTILE
    tokens = [token for token in MarkdownIt().parse(rest) if token.level == 0 and token.nesting >= 0]
    texts, notes = ["paragraph_open"] * len(words), ["blockquote_open"] * len(BREAKING)
    assert [token.type for token in tokens] == ["heading_open", "blockquote_open", *texts[:3], *notes, *texts[3:]]
    assert rest.count("> #seen\n") == rest.count("> > The answer.\n") == len(BREAKING)
    assert not [token for token in MarkdownIt().parse(rest) if "html" in token.type]
