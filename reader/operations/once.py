"""A form that is sent twice makes one note: pressed twice, or sent again because no answer came."""

from collections.abc import Callable

from django.db import IntegrityError

from reader.models import Annotation, Member


def once(uid: str, *, author: Member, body: str, write: Callable[[str], Annotation]) -> Annotation:
    """What `write` makes under the name `uid`, which came with the form, or made before of the same words.

    Other words are another note, under another name: nothing that was typed is lost.
    """
    first_words = {"versions__number": 1, "versions__body": body}
    made = Annotation.objects.with_versions().filter(uid=uid or None, author=author, **first_words)
    found = made.first()
    if found:
        return found
    try:
        return write("" if Annotation.objects.filter(uid=uid).exists() else uid)
    except IntegrityError:  # at the same moment: the first one is kept by now
        found = made.first()
        if found is None:
            raise
        return found
