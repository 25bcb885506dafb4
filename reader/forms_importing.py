"""What the pages for bringing texts in take."""

import re

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.utils.translation import gettext_lazy as _

from reader.formats.incoming.model import Front
from reader.models import Article

RESERVED = {"import"}  # addresses under /articles/ that are pages


class IncomingFileForm(forms.Form):
    """A file, or words pasted."""

    file = forms.FileField(
        label=_("File"), required=False, help_text=_("Markdown, HTML, plain text, DOCX, PDF or EPUB.")
    )
    words = forms.CharField(
        label=_("Or the text itself"),
        required=False,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 10}),
        help_text=_("Plain text, Markdown or HTML."),
    )

    def clean_file(self):
        given = self.cleaned_data["file"]
        if given and given.size > settings.IMPORT_MAX_BYTES:
            sentence = _("The file has more than %(most)s bytes. Divide it, or ask the operator to allow more.")
            raise ValidationError(sentence, code="too_large", params={"most": settings.IMPORT_MAX_BYTES})
        return given

    def clean(self):
        data = super().clean()
        if not self.errors and not data.get("file") and not (data.get("words") or "").strip():
            raise ValidationError(_("Choose a file, or paste a text."), code="nothing")
        return data

    def content(self) -> tuple[bytes, str]:
        """The bytes and the name of what was given, after is_valid(); pasted words have no name."""
        given = self.cleaned_data.get("file")
        if given:
            return given.read(), given.name
        return self.cleaned_data["words"].encode("utf-8", "replace"), ""


class NamesField(forms.CharField):
    """Names, each on a line of its own or after a semicolon; gives a list."""

    widget = forms.Textarea(attrs={"rows": 2})

    def clean(self, value):
        return [name.strip() for name in re.split(r"[\n;]", super().clean(value) or "") if name.strip()]


class FrontForm(forms.Form):
    """What is said of a text before it is published."""

    title = forms.CharField(label=_("Title"), max_length=300)
    authors = NamesField(label=_("Authors"), required=False, max_length=2000, help_text=_("Each on a line of its own."))
    published = forms.DateField(
        label=_("Published"), required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    publisher = forms.CharField(label=_("Publisher"), required=False, max_length=200)
    source_url = forms.URLField(
        label=_("Address of the original"), required=False, max_length=500, assume_scheme="https"
    )
    licence = forms.CharField(
        label=_("Licence"), required=False, max_length=60, help_text=_("For example: CC BY 4.0; or «with permission».")
    )
    licence_url = forms.URLField(
        label=_("Address of the licence"), required=False, max_length=500, assume_scheme="https"
    )
    copyright_holder = forms.CharField(label=_("Copyright"), required=False, max_length=200)
    language = forms.CharField(
        label=_("Language"),
        max_length=35,
        help_text=_("en, zh-Hans, de …"),
        validators=[RegexValidator(r"^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*$", _("Write a tag like en or zh-Hans."))],
    )
    summary = forms.CharField(label=_("Summary"), required=False, widget=forms.Textarea(attrs={"rows": 3}))
    revision_of = forms.ModelChoiceField(
        label=_("Becomes"), required=False, queryset=Article.objects.none(), empty_label=_("a new article")
    )
    slug = forms.SlugField(label=_("Address here"), required=False, max_length=120, help_text=_("Of a new article."))

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["revision_of"].queryset = Article.objects.order_by("title")
        self.fields["revision_of"].label_from_instance = lambda article: _("a new revision of «%s»") % article.title

    def clean(self):
        data = super().clean()
        slug = data.get("slug")
        if slug in RESERVED or (slug and not data.get("revision_of") and Article.objects.filter(slug=slug).exists()):
            self.add_error("slug", ValidationError(_("This address is taken. Choose another one."), code="taken"))
        return data

    def front(self, found: Front) -> Front:
        """What the editor says, after is_valid(); what the form does not ask for stays as it was found."""
        data = self.cleaned_data
        same = ("title", "publisher", "source_url", "licence", "licence_url", "copyright_holder", "language", "summary")
        day = data["published"]
        return Front(
            **{name: data[name] for name in same},
            authors=tuple(data["authors"]),
            published=day.isoformat() if day else "",
            author_bio=found.author_bio,
            issn=found.issn,
            licence_name=found.licence_name if data["licence_url"] == found.licence_url else "",
        )


def initial_of(front: Front) -> dict[str, str]:
    """What FrontForm shows first: what the file says of itself."""
    same = ("title", "published", "publisher", "source_url", "licence", "licence_url", "copyright_holder", "language")
    return {name: getattr(front, name) for name in (*same, "summary")} | {"authors": "\n".join(front.authors)}
