"""Text for mail programs: lines of a readable length, and other people's words marked as theirs."""

import textwrap

WIDTH = 76


def fold(text: str, *, mark: str = "") -> str:
    """`text` in lines of at most WIDTH code points, each behind `mark`; addresses stay whole.

    Behind «> » nothing that somebody wrote can pass for words of the site.
    """
    return "\n".join(line for paragraph in text.splitlines() for line in _lines(paragraph, mark))


def _lines(paragraph: str, mark: str) -> list[str]:
    if len(mark + paragraph) <= WIDTH:
        return [(mark + paragraph).rstrip() if mark else paragraph]
    room = {"width": WIDTH, "initial_indent": mark, "subsequent_indent": mark}
    return textwrap.wrap(paragraph, break_long_words=False, break_on_hyphens=False, **room)  # type: ignore[arg-type]
