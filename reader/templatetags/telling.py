"""The button that follows what a page shows; other people's words in mails."""

from django import template

from reader.operations import following
from reader.text.folding import fold

register = template.Library()


register.filter("folded", fold)


@register.filter
def quoted(text: str) -> str:
    """Somebody's words in a mail, each line marked as theirs."""
    return fold(text, mark="> ")


@register.inclusion_tag("reader/_follow.html", takes_context=True)
def follow_button(context, kind: str, row, label: str = "") -> dict:
    """`row` is an article, card, tag, person, note of a thread, or paragraph of the `article` shown.

    Nothing for who is not logged in.
    """
    user = context["user"]
    if not user.is_authenticated or row is None or row == user:
        return {}
    name, fields = _named(kind, row, context)
    return {
        "kind": kind, "name": name, "label": label, "csrf_token": context.get("csrf_token"),
        "following": following.is_following(user, fields),
    }  # fmt: skip


def _named(kind: str, row, context) -> tuple[str, dict]:
    if kind == "passage":
        article = context["article"]
        return f"{article.slug}/{row.number}", {"article": article, "paragraph": row.key}
    if kind == "thread":
        return row.uid, {"thread": row.thread or row}
    return (row.username if kind == "person" else row.slug), {kind: row}
