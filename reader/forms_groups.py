"""What pages of reading groups take in."""

from typing import ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from reader.models import Member, ReadingGroup


class GroupForm(forms.ModelForm):
    """What a group is called and how it is run."""

    is_open = forms.BooleanField(
        label=_("Who has the link may join"),
        required=False,
        help_text=_("Otherwise people join by invitation only, and a link given away before leads nowhere."),
    )

    class Meta:
        model = ReadingGroup
        fields = ["name", "description", "is_open", "notes_wait"]
        widgets: ClassVar = {"description": forms.Textarea(attrs={"rows": 3})}
        help_texts: ClassVar = {
            "name": _("Seen by its members, and by those who are invited or have the link."),
            "notes_wait": _("Members see a note when you have approved it. Otherwise notes appear at once."),
        }

    def clean_name(self):
        return " ".join(self.cleaned_data["name"].split())


class InviteForm(forms.Form):
    """Somebody by user name."""

    username = forms.CharField(
        label=_("User name"), max_length=150, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )

    def clean_username(self):
        name = self.cleaned_data["username"].strip().removeprefix("@")
        self.member = Member.objects.filter(username=name, is_active=True).first()
        if self.member is None:
            raise forms.ValidationError(
                _("There is no member with this user name. Look at its spelling."), code="nobody"
            )
        return name


class GroupDecisionForm(forms.Form):
    """What the owner of a group decides about a note in it. `version` is the number of the wording they read."""

    DECISIONS = ("approve", "reject", "keep", "take-down")
    decision = forms.ChoiceField(choices=[(name, name) for name in DECISIONS])
    version = forms.IntegerField(min_value=1)
    reason = forms.CharField(
        label=_("Reason, which the author reads"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def clean(self):
        if self.errors.keys() & {"decision", "version"}:  # buttons and a hidden field: no place beside them for words
            raise forms.ValidationError(
                _("Choose what to do with the note, by one of the buttons."), code="no_decision"
            )
        return super().clean()
