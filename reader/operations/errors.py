"""What can be wrong with an act: a code for machines, a sentence for people, an HTTP status."""

import math

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext


class ReaderError(Exception):
    """An act that was refused; nothing of it was kept."""

    status = 422
    code = "refused"
    message = _("This could not be done.")

    def __init__(self, message: str = "") -> None:
        super().__init__(message or str(self.message))
        self.headers: dict[str, str] = {}


class NoSuchPlace(ReaderError):
    code = "no_such_place"
    message = _("These positions do not lie in the text. Select the words again.")


class WordsChanged(ReaderError):
    status = 409
    code = "words_changed"
    message = _("The text has changed since you selected these words. Select them again; what you wrote is kept.")


class NothingWritten(ReaderError):
    code = "nothing_written"
    message = _("Write a note first: a reply and a note need words. A highlight may stand alone.")


class TooLong(ReaderError):
    code = "too_long"
    message = _("A note can have at most 20,000 characters. Shorten it, or write two notes.")


class NotStorable(ReaderError):
    code = "not_storable"
    message = _("The note holds signs that cannot be stored (NUL or half a character). Remove them and save again.")


class BadTags(ReaderError):
    code = "bad_tags"
    message = _("At most 12 tags, each with a letter or digit and at most 50 characters. Change or remove some.")


class ReasonMissing(ReaderError):
    code = "reason_missing"
    message = _("Say why: the author will read the reason.")


class AlreadyDecided(ReaderError):
    status = 409
    code = "already_decided"


class MayNotWrite(ReaderError):
    """A sanction is in force; the sentence says which, until when, and why."""

    status = 403
    code = "may_not_write"


class TooFast(ReaderError):
    """More in a short time than is allowed; says when to try again."""

    status = 429
    code = "too_fast"

    def __init__(self, seconds: int) -> None:
        minutes = math.ceil(seconds / 60)
        words = ngettext(
            "A lot was written in a short time. Try again in %d minute; what you wrote is kept.",
            "A lot was written in a short time. Try again in %d minutes; what you wrote is kept.",
            minutes,
        )
        super().__init__(words % minutes)
        self.headers = {"Retry-After": str(seconds)}


class CannotDoThat(ReaderError):
    status = 409
    code = "cannot_do_that"
    message = _("The note is no longer in a state that allows this. Reload the page to see how it stands.")
