"""What pages take in. Errors keep what was typed; each has a code."""

from collections.abc import Iterable
from typing import ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from reader.formats.foreign import a_moment
from reader.models import Flag, Member, Motivation, ReadingGroup, ReasonTemplate, Sanction, SuspectWord, Visibility
from reader.models.annotations import new_uid
from reader.operations.annotating import MOST_CHARACTERS
from reader.operations.errors import NoSuchPlace
from reader.operations.turns import LONGEST_APPEAL
from reader.text.orcid import is_orcid
from reader.text.selectors import Span

MOST_BESIDE_EACH_OTHER = 5  # more choices than this stand in a list that opens
SPAN = {"start", "end"}
PLACE = SPAN | {"revision", "exact"}
NOT_OFFERED = {  # kinds that only programs give
    Motivation.REPLYING, Motivation.CLASSIFYING, Motivation.MODERATING, Motivation.REVIEWING, Motivation.TAGGING,
}  # fmt: skip


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


class AudienceForm(WordsForm):
    """Words and whom they are for: only their author, a group the author is in, everyone.

    What is chosen has the form of Annotation.audience; cleaned, it is `visibility` and `group`.
    """

    visibility = forms.ChoiceField(
        label=_("Who may see it"),
        choices=Visibility.choices,
        initial=Visibility.PUBLIC,
        widget=forms.RadioSelect,
    )

    def offer(self, groups: Iterable[ReadingGroup], *, private: bool = True, public: bool = True) -> None:
        """Let it be chosen among these."""
        self.groups = {f"group:{group.uid}": group for group in groups}
        choices = [(Visibility.PRIVATE, Visibility.PRIVATE.label)] * private
        choices += [(audience, group.name) for audience, group in self.groups.items()]
        choices += [(Visibility.PUBLIC, Visibility.PUBLIC.label)] * public
        if len(choices) > MOST_BESIDE_EACH_OTHER:
            self.fields["visibility"].widget = forms.Select()
        self.fields["visibility"].choices = choices

    def clean(self):
        data = super().clean()
        group = self.groups.get(data.get("visibility"))
        return data | {"group": group, "visibility": Visibility.GROUP} if group else data


class NewNote(forms.Form):
    """The name a new note will have: the same form sent twice is one note."""

    uid = forms.RegexField(r"\A[A-Za-z0-9_-]{22}\Z", required=False, initial=new_uid, widget=forms.HiddenInput)


class ReplyForm(NewNote, WordsForm):
    """The words of an answer."""


class NoteForm(NewNote, AudienceForm):
    """A new note: its place, its words, who may see it. Positions are code points of the revision's text.

    With `whole` it has no place: it is about the text as a whole.
    """

    start = forms.IntegerField(min_value=0, widget=forms.HiddenInput)
    end = forms.IntegerField(min_value=1, widget=forms.HiddenInput)
    whole = forms.BooleanField(required=False, widget=forms.HiddenInput)
    revision = forms.IntegerField(min_value=1, widget=forms.HiddenInput)
    exact = LinesField(required=False, strip=False, widget=forms.HiddenInput)
    motivation = forms.ChoiceField(
        label=_("Kind"),
        choices=[(m.value, m.label) for m in Motivation if m not in NOT_OFFERED],
        initial=Motivation.COMMENTING,
    )

    def __init__(self, *args, author, **kwargs):
        super().__init__(*args, **kwargs)
        self.offer(ReadingGroup.objects.of(author))

    def clean(self):
        data = super().clean()
        if data.get("whole"):
            for name in SPAN:
                self.errors.pop(name, None)
        if PLACE & set(self.errors):
            for name in PLACE:  # nobody sees these fields: one sentence says what to do
                self.errors.pop(name, None)
            raise forms.ValidationError(NoSuchPlace.message, code=NoSuchPlace.code)
        if not data["whole"] and data["start"] >= data["end"]:
            raise forms.ValidationError(_("Select at least one word."), code="no_words")
        return data

    def span(self) -> Span | None:
        """The place, after is_valid(); None for the text as a whole."""
        if self.cleaned_data["whole"]:
            return None
        return Span(self.cleaned_data["start"], self.cleaned_data["end"])


class EditForm(AudienceForm):
    """A new wording; a note may be shown to more people than before, but to none who do not see what it answers."""

    def __init__(self, *args, annotation, **kwargs):
        super().__init__(*args, **kwargs)
        parent = annotation.parent
        if annotation.is_public or (parent and not parent.is_public):
            self.groups = {}
            del self.fields["visibility"]
            return
        self.fields["visibility"].required = False
        groups = [annotation.group] if annotation.group else ReadingGroup.objects.of(annotation.author)
        self.offer(groups, private=annotation.is_private)


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
    """What a moderator decides about one wording. `version` is the number of the one they read."""

    DECISIONS: ClassVar = {
        "approve": _("Approve"),
        "trust": _("Approve and trust"),
        "edit": _("Change the words and approve"),
        "return": _("Ask for a revision"),
        "reject": _("Reject"),
        "spam": _("Mark as spam"),
        "keep": _("Keep it, close the flags"),
        "take-down": _("Take it down"),
    }
    decision = forms.ChoiceField(choices=DECISIONS.items())
    version = forms.IntegerField(min_value=1)
    reason = forms.CharField(required=False, max_length=2000)
    body = forms.CharField(required=False, strip=False, max_length=MOST_CHARACTERS)
    tags = TagsField(required=False, max_length=700)


class BatchForm(forms.Form):
    """One decision about many wordings: `item` is «uid:number of the wording read», many times.

    Or about everything that one person wrote `until` the page was made.
    """

    DECISIONS: ClassVar = ["approve", "reject", "return", "spam", "keep"]
    decision = forms.ChoiceField(choices=[(name, name) for name in DECISIONS])
    reason = forms.CharField(required=False, max_length=2000)
    everything_by = forms.CharField(required=False, max_length=150)
    until = forms.CharField(required=False, max_length=40)

    def clean_until(self):
        return a_moment(self.cleaned_data["until"])


class FlagForm(forms.Form):
    """Why somebody else's note should be looked at."""

    reason = forms.ChoiceField(label=_("What is wrong with it?"), choices=Flag.Reason.choices, widget=forms.RadioSelect)
    comment = forms.CharField(
        label=_("In your words"), required=False, max_length=1000, widget=forms.Textarea(attrs={"rows": 3})
    )


class AppealForm(forms.Form):
    """The author's answer to a rejection."""

    words = forms.CharField(label=_("Your answer"), max_length=LONGEST_APPEAL, widget=forms.Textarea(attrs={"rows": 4}))


class SanctionForm(forms.Form):
    """A warning, a suspension for some days, or a ban."""

    kind = forms.ChoiceField(label=_("What"), choices=Sanction.Kind.choices)
    days = forms.IntegerField(label=_("Days, for a suspension"), min_value=1, max_value=3650, required=False)
    reason = forms.CharField(
        label=_("Reason, which the person reads"), max_length=2000, widget=forms.Textarea(attrs={"rows": 3})
    )

    def clean(self):
        data = super().clean()
        if data.get("kind") == Sanction.Kind.SUSPENSION and not data.get("days"):
            self.add_error("days", _("Say for how many days."))
        return data


class ReasonTemplateForm(forms.ModelForm):
    """A reason moderators use again."""

    class Meta:
        model = ReasonTemplate
        fields = ["title", "words"]
        widgets: ClassVar = {"words": forms.Textarea(attrs={"rows": 3})}


class SuspectWordForm(forms.ModelForm):
    """A word that makes a note wait."""

    class Meta:
        model = SuspectWord
        fields = ["word", "is_blocked"]


class MemberForm(forms.ModelForm):
    """What a person says of themselves."""

    class Meta:
        model = Member
        fields = ["display_name", "orcid"]
        help_texts: ClassVar = {
            "display_name": _("It stands beside your notes. Without one your user name does."),
            "orcid": _("Like 0000-0002-1825-0097. It stands on your page, and leads to yours at orcid.org."),
        }

    def clean_display_name(self):
        return " ".join(self.cleaned_data["display_name"].split())

    def clean_orcid(self):
        given = self.cleaned_data["orcid"].strip()
        if given and not is_orcid(given):
            raise forms.ValidationError(
                _("This is no ORCID: it has sixteen digits, the last may be X. Copy it from your page at orcid.org."),
                code="no_orcid",
            )
        return given
