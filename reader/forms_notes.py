"""What the page for bringing in one's own notes takes: a file first, then the same file with a yes."""

from dataclasses import replace

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from reader.formats.foreign import Foreign, Unreadable
from reader.formats.notes_file import NotesFile, read_notes, text_of
from reader.models import Article

MOST_BYTES, MOST_NOTES = 2_000_000, 500
TOO_LARGE = _("The file has more than 2 MB. Divide it, or ask the operator to bring it in.")
AUDIENCES = [("private", _("only me")), ("theirs", _("as it was there; public ones as if written here now"))]


class NotesFileForm(forms.Form):
    """A file of notes, or its words as they came with the look at it; which text they are on, and who sees them."""

    file = forms.FileField(
        label=_("File"),
        required=False,
        help_text=_(
            "An export of Hypothesis or Recogito, W3C Web Annotations (JSON, JSON Lines), or a CSV table. At most 2 MB "
            "and 500 notes."
        ),
    )
    words = forms.CharField(required=False, strip=False, widget=forms.HiddenInput)
    article = forms.ModelChoiceField(
        Article.objects.published(),
        label=_("Text"),
        required=False,
        empty_label=_("the one each note names"),
        to_field_name="slug",
    )
    audience = forms.ChoiceField(label=_("Who sees them"), choices=AUDIENCES, initial="private")

    def clean_file(self):
        given = self.cleaned_data["file"]
        if given and given.size > MOST_BYTES:
            raise ValidationError(TOO_LARGE)
        return given

    def clean(self):
        data = super().clean()
        if self.errors:
            return data
        try:
            if data.get("file"):
                data["words"] = text_of(data["file"].read())
            if not data["words"].strip():
                raise ValidationError(_("Choose a file."), code="nothing")
            data["read"] = read_notes(data["words"])
        except Unreadable as error:
            sentence = _("This file cannot be read as notes: %(why)s")
            raise ValidationError(sentence, code="unreadable", params={"why": str(error)[:300]}) from error
        if len(data["read"].notes) > MOST_NOTES:
            raise ValidationError(_("At most 500 notes come in at once. Divide the file."), code="too_many")
        return data

    @property
    def read(self) -> NotesFile:
        """What is in the file, after is_valid()."""
        return self.cleaned_data["read"]

    def notes(self) -> list[Foreign]:
        """Its notes, for whom they shall be."""
        private = self.cleaned_data["audience"] == "private"
        return [replace(note, private=note.private or private) for note in self.read.notes]
