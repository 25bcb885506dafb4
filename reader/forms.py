"""What pages take in. Errors keep what was typed; each has a code."""

from django import forms
from django.utils.translation import gettext_lazy as _

from reader.models import Member, Motivation, Visibility
from reader.operations.annotating import MOST_CHARACTERS
from reader.operations.errors import NoSuchPlace
from reader.text.selectors import Span

PLACE = {"start", "end", "revision"}


class TagsField(forms.CharField):
    """Names with commas between them; gives a list."""

    def clean(self, value):
        return [name for name in (super().clean(value) or "").split(",") if name.strip()]


class LinesField(forms.CharField):
    """Text of more than one line, as it was typed: forms send each line feed as two signs (HTML 4.10.22.4)."""

    def to_python(self, value):
        text = super().to_python(value)
        return text.replace("\r\n", "\n") if text else text


class WordsForm(forms.Form):
    """The words of a note: Markdown and tags."""

    body = LinesField(
        label=_("Your note"),
        required=False,
        strip=False,
        max_length=MOST_CHARACTERS,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_("Markdown: *emphasis*, **strong**, > quotation, [words](https://address)."),
    )
    tags = TagsField(
        label=_("Tags"),
        required=False,
        max_length=700,
        help_text=_("With commas between them, for example: letters, date"),
        widget=forms.TextInput(attrs={"list": "tags-in-use", "autocomplete": "off"}),
    )


class NoteForm(WordsForm):
    """A new note: its place, its words, who may see it. Positions are code points of the revision's text."""

    start = forms.IntegerField(min_value=0, widget=forms.HiddenInput)
    end = forms.IntegerField(min_value=1, widget=forms.HiddenInput)
    revision = forms.IntegerField(min_value=1, widget=forms.HiddenInput)
    exact = LinesField(required=False, strip=False, widget=forms.HiddenInput)
    motivation = forms.ChoiceField(
        label=_("Kind"),
        choices=[(m.value, m.label) for m in Motivation if m != Motivation.REPLYING],
        initial=Motivation.COMMENTING,
    )
    visibility = forms.ChoiceField(
        label=_("Who may see it"),
        choices=Visibility.choices,
        initial=Visibility.PUBLIC,
        widget=forms.RadioSelect,
    )

    def clean(self):
        data = super().clean()
        if PLACE & set(self.errors):
            for name in PLACE:  # nobody sees these fields: one sentence says what to do
                self.errors.pop(name, None)
            raise forms.ValidationError(NoSuchPlace.message, code=NoSuchPlace.code)
        if data["start"] >= data["end"]:
            raise forms.ValidationError(_("Select at least one word."), code="no_words")
        return data

    def span(self) -> Span:
        """The place, after is_valid()."""
        return Span(self.cleaned_data["start"], self.cleaned_data["end"])


class EditForm(WordsForm):
    """A new wording; a private note may be shown to everyone."""

    visibility = forms.ChoiceField(
        label=_("Who may see it"), choices=Visibility.choices, widget=forms.RadioSelect, required=False
    )

    def __init__(self, *args, annotation, **kwargs):
        super().__init__(*args, **kwargs)
        if not annotation.is_private:
            del self.fields["visibility"]


class ArticleTextForm(forms.Form):
    """A new wording of an article: its Markdown, why, and the number of the revision it was begun from."""

    source = forms.CharField(
        label=_("Text"),
        strip=False,
        widget=forms.Textarea(attrs={"rows": 30, "spellcheck": "true"}),
        help_text=_("Markdown. An empty line ends a paragraph; a line break within one is a space."),
        error_messages={"required": _("There is no text left. An article needs at least one paragraph.")},
    )
    reason = forms.CharField(
        label=_("What you changed, and why"),
        max_length=300,
        help_text=_("Readers see it in the list of revisions."),
        error_messages={"required": _("Say in a few words what you changed. Your text is kept.")},
    )
    base = forms.IntegerField(min_value=1, widget=forms.HiddenInput)

    def clean_source(self):
        return self.cleaned_data["source"].replace("\r\n", "\n")


class DecisionForm(forms.Form):
    """What a moderator decides about one version."""

    decision = forms.ChoiceField(choices=[("approve", _("approve")), ("reject", _("reject")), ("spam", _("spam"))])
    version = forms.IntegerField(min_value=1)
    reason = forms.CharField(required=False, max_length=2000)


class MemberForm(forms.ModelForm):
    """What a person says of themselves."""

    class Meta:
        model = Member
        fields = ["display_name", "orcid"]
