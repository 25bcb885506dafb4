"""What readers propose about cards, as forms. Errors keep what was typed."""

from typing import Any

from django import forms
from django.core.validators import URLValidator
from django.utils.translation import gettext_lazy as _

from reader.forms import LinesField
from reader.models import Card, Proposal
from reader.operations.proposing import DATE_LABELS, FIELDS, BadAddress, Grounds, SourceMissing
from reader.text.dated import from_lines, is_date, to_lines

WHEN = _("2018, 2018-03 or 2018-03-21")


class NamesField(LinesField):
    """Names, one a line; gives a list."""

    def __init__(self, **kwargs):
        super().__init__(widget=forms.Textarea(attrs={"rows": 2}), required=False, max_length=4000, **kwargs)

    def prepare_value(self, value):
        return "\n".join(value) if isinstance(value, list) else value

    def to_python(self, value):
        return [" ".join(line.split()) for line in (super().to_python(value) or "").splitlines() if line.strip()]

    def run_validators(self, value):
        super().run_validators("\n".join(value))


class FactsField(NamesField):
    """Dated statements, one a line; gives pairs of date and words."""

    def prepare_value(self, value):
        return to_lines(value) if isinstance(value, list) else value

    def to_python(self, value):
        return from_lines("\n".join(super().to_python(value)))

    def run_validators(self, value):
        super().run_validators([to_lines(value)])

    def has_changed(self, initial, data):
        return to_lines(initial or []) != to_lines(self.to_python(data))


class DateField(forms.CharField):
    """An ISO date of any precision."""

    def __init__(self, **kwargs):
        super().__init__(max_length=10, required=False, help_text=WHEN, **kwargs)

    def clean(self, value):
        typed = super().clean(value)
        if typed and not is_date(typed):
            raise forms.ValidationError(_("Write dates as 2018, 2018-03 or 2018-03-21."), code="no_date")
        return typed


class GroundsForm(forms.Form):
    """Where it can be checked, and why."""

    source_title = forms.CharField(
        label=_("Publication"), required=False, max_length=400, help_text=_("Title, and the page if it has one.")
    )
    source_publisher = forms.CharField(label=_("Publisher, newspaper or site"), required=False, max_length=300)
    source_url = forms.URLField(
        label=_("Address"),
        required=False,
        max_length=800,
        assume_scheme="https",
        validators=[URLValidator(schemes=["http", "https"], message=BadAddress.message)],
        error_messages={"invalid": BadAddress.message},
        widget=forms.URLInput(attrs={"placeholder": "https://"}),
    )
    source_date = DateField(label=_("Date of the publication"))
    why = LinesField(
        label=_("Why"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("A word to the moderator. It stands in the history of the card when this is accepted."),
    )

    def grounds(self) -> Grounds:
        """After is_valid()."""
        data = self.cleaned_data
        source = {name: data.get(f"source_{name}", "") for name in ("title", "publisher", "url", "date")}
        return Grounds(**source, why=data.get("why", ""))

    def require_source(self) -> None:
        """Ask for it in its place."""
        if not self.errors and not self.grounds().has_source:
            self.add_error("source_title", forms.ValidationError(SourceMissing.message, code=SourceMissing.code))


class CardForm(GroundsForm):
    """All that a reader may say of a card. `now` is the card as it is, for a correction."""

    name = forms.CharField(label=_("Name"), max_length=200, help_text=_("As readers of these texts would look for it."))
    kind = forms.ChoiceField(label=_("Kind"), choices=[("", "–"), *Card.Kind.choices])
    native_name = forms.CharField(label=_("Name in its own script"), required=False, max_length=200)
    romanised_name = forms.CharField(label=_("Romanised name"), required=False, max_length=200)
    aliases = NamesField(label=_("Other wordings in the texts"), help_text=_("One a line: «President Xi»."))
    other_names = NamesField(label=_("Other names"), help_text=_("One a line."))
    role = forms.CharField(
        label=_("Role"), required=False, max_length=400, help_text=_("Who or what it is, in one line.")
    )
    summary = LinesField(label=_("Summary"), required=False, max_length=5000, widget=forms.Textarea(attrs={"rows": 5}))
    date_label = forms.ChoiceField(
        label=_("The dates are of its"), required=False, choices=[("", "–"), *DATE_LABELS.items()]
    )
    date_start = DateField(label=_("From"))
    date_end = DateField(label=_("To"))
    facts = FactsField(label=_("Dated facts"), help_text=_("One a line: «2018-03-21: Became head of the bureau.»"))

    def __init__(self, data=None, *, now: dict[str, Any] | None = None, initial: dict[str, Any] | None = None):
        self.now = now or {}
        shown = {name: _shown(self.now[name]) for name in FIELDS if name in self.now}
        super().__init__(data, initial=shown | (initial or {}))

    def clean(self):
        data = super().clean()
        if self.now or data.get("facts"):
            self.require_source()
        return data

    def values(self) -> dict[str, Any]:
        """After is_valid(): what each field says; what was not touched as the card has it, space for space."""
        untouched = {name for name in FIELDS if name in self.now and name not in self.changed_data}
        return {name: self.now[name] if name in untouched else self.cleaned_data[name] for name in FIELDS}


class MentionForm(forms.Form):
    """Which card some words of a text speak of."""

    card = forms.CharField(
        label=_("Card"),
        max_length=200,
        widget=forms.TextInput(attrs={"list": "cards-here", "autocomplete": "off"}),
        help_text=_("Type its name, or choose it from the list."),
    )
    why = LinesField(
        label=_("Why"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("A word to the moderator, if it is not plain to see."),
    )

    def clean_card(self):
        typed = self.cleaned_data["card"]
        found = Card.objects.filter(name__iexact=typed)[:1] or Card.objects.filter(native_name=typed)[:1]
        if not found:
            said = _("There is no card of this name. Choose one from the list, or suggest a new card.")
            raise forms.ValidationError(said, code="no_card")
        return found[0]

    def grounds(self) -> Grounds:
        """After is_valid()."""
        return Grounds(why=self.cleaned_data["why"])


class ProposalDecisionForm(forms.Form):
    """What a moderator decides. `number` is that of the wording they read."""

    decision = forms.ChoiceField(choices=[(name, name) for name in ("approve", "trust", "return", "reject", "spam")])
    number = forms.IntegerField(min_value=1, max_value=10**9)
    reason = forms.CharField(required=False, max_length=2000)


def form_of(proposal: Proposal, data=None, *, now: dict[str, Any] | None = None, kept: dict[str, Any] | None = None):
    """The form a proposal was written in, with what it says."""
    grounds = {name: getattr(proposal, name) for name in GroundsForm.base_fields}
    if proposal.kind == Proposal.Kind.MENTION:
        said = {"card": proposal.about, "why": proposal.why}
        return MentionForm(data, initial=said | (kept or {}))
    if data is not None:
        return CardForm(data, now=now)
    return CardForm(now=now, initial=proposal.values | grounds | (kept or {}))


def _shown(value: Any) -> Any:
    return value.strip() if isinstance(value, str) else value
