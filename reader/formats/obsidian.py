"""What Obsidian makes of Markdown beyond what CommonMark does, so that words stay the words they are here.

https://help.obsidian.md/obsidian-flavored-markdown and https://help.obsidian.md/tags tell what it knows: HTML,
pictures, [[links]], %%comments%%, $formulas$, ==marks==, #tags, callouts, footnotes, names of blocks (`^p3`).
"""

import json
import re
from collections.abc import Iterable, Mapping
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.token import Token

from reader.formats.markdown_writing import escaped

_blocks = MarkdownIt("commonmark", {"html": False})  # as notes are read: no HTML
# JSON leaves these as they are; YAML takes them for the ends of lines, or for no text.
_NOT_IN_YAML = re.compile("[\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]")
_NO_TAG = re.compile(r"[\u2000-\u206f\u2e00-\u2e7f'!\"#$%&()*+,.:;<=>?@^`{|}~\[\]\\\s]+")
_SIGNS = r"%(?=%)|(?<=%)%|\$|=(?==)|(?<==)=|(?<![\w&/#])#(?=\w)|(?<!\S)\^(?=[\w-]+[ \t]*$)"
_ACTS = r"<(?=[a-zA-Z/!?])|!(?=\[)|(?<=\[)[!^\[]"
_LINKS = r"<\w[\w+.-]*:[^\s<>]*>|<[^\s<>@]+@[^\s<>]+>|\]\(<[^<>\n]*>|\]\([^\s<>()]*"
_CODE = r"(?<!`)(`+)(?!`)[\s\S]*?(?<!`)\1(?!`)|`+"
# First what is left as it is, then in the last group what is not.
_IN_TEXT = re.compile(rf"^(`{{3,}})[\s\S]*?^\1$|\\[\s\S]|<[a-z/][^>]*>|{_LINKS}|({_SIGNS})", re.MULTILINE)
_IN_NOTE = re.compile(rf"\\[\s\S]|{_CODE}|{_LINKS}|({_SIGNS}|{_ACTS})", re.MULTILINE)


def properties(values: Mapping[str, Any]) -> str:
    """Front matter of those that are not empty. JSON strings and lists are YAML too: nothing in a title breaks it."""
    lines = [f"{name}: {_yaml(value)}" for name, value in values.items() if value]
    return "---\n" + "\n".join(lines) + "\n---\n\n"


def _yaml(value: Any) -> str:
    return _NOT_IN_YAML.sub(lambda found: f"\\u{ord(found[0]):04x}", json.dumps(value, ensure_ascii=False))


def in_one_line(words: str) -> str:
    """Words as Markdown that shows them as they are, within a line."""
    return literal(escaped(" ".join(words.split())))


def literal(written: str) -> str:
    """What markdown_writing wrote, with the signs escaped that only Obsidian takes for more than words."""
    return _escape(_IN_TEXT, written)


def _escape(pattern: re.Pattern[str], text: str) -> str:
    return pattern.sub(lambda found: f"\\{found[0]}" if found[found.re.groups] else found[0], text)


def note_body(body: str) -> str:
    """The Markdown of a note, in which only that acts which acts on its page. Not in code; a fence is closed."""
    lines = re.split(r"\r\n?|\n", body)
    tokens = _blocks.parse("\n".join(lines))
    for first, last in _parts(tokens, len(lines)):
        lines[first:last] = _escape(_IN_NOTE, "\n".join(lines[first:last])).split("\n")
    return "\n".join([*lines, *_end_of_fence(tokens, lines)])


def _parts(tokens: list[Token], count: int) -> list[tuple[int, int]]:
    """The lines of each paragraph or heading, and each other line that is not code (definitions of links)."""
    mapped = [(token.type, token.map[0], token.map[1]) for token in tokens if token.map]
    made = {(first, last) for kind, first, last in mapped if kind == "inline"}
    inside = ((first, last) for kind, first, last in mapped if kind in ("inline", "fence", "code_block"))
    taken = {line for first, last in inside for line in range(first, last)}
    return sorted(made | {(line, line + 1) for line in range(count) if line not in taken})


def _end_of_fence(tokens: list[Token], lines: list[str]) -> list[str]:
    """The end of a fence that has none and would take in what follows the note."""
    last = tokens[-1] if tokens else None
    if last is None or last.type != "fence" or last.map is None:
        return []
    end = lines[last.map[1] - 1].strip()
    closed = last.map[1] - last.map[0] > 1 and end.startswith(last.markup) and not end.strip(last.markup[0])
    return [] if closed else [last.markup]


def tags(names: Iterable[str]) -> str:
    """The tags that can be tags there: without spaces and most signs, and more than digits."""
    made = (re.sub(r"/{2,}", "/", _NO_TAG.sub("-", name)).strip("-/") for name in names)
    return " ".join(f"#{name}" for name in made if name and not name.isdecimal())
