"""Small helps for templates: safe Markdown, plain words."""

import datetime
import re
from collections.abc import Iterable

from django import template
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import slugify
from django.utils.timesince import timesince
from django.utils.translation import gettext as _

from reader.formats import w3c_more
from reader.models import Annotation, AnnotationVersion, Status
from reader.text.markdown import to_html, to_plain

register = template.Library()
_ISO = re.compile(r"(\d{4})(?:-(0[1-9]|1[0-2])(?:-(0[1-9]|[12]\d|3[01]))?)?")


@register.filter
def markdown(body: str) -> str:
    """The note's Markdown as safe HTML."""
    return mark_safe(to_html(body))  # noqa: S308 (cleaned by nh3 in reader.text.markdown)


@register.filter
def spoken(version: AnnotationVersion) -> SafeString:
    """The attributes that say which language the words are in and how they run, where a program said so."""
    said = [("lang", version.language), ("dir", version.direction)]
    return format_html_join("", ' {}="{}"', [(name, value) for name, value in said if value])


@register.filter
def further_targets(version: AnnotationVersion) -> list[tuple[str, str]]:
    """Where else a wording lies: an address of the web, or nothing that can be followed, and the words there."""
    return w3c_more.further_targets(version.more)


@register.filter
def when(date: str) -> str:
    """An ISO date of any precision (2018, 2018-03, 2018-03-21) in words; anything else as it stands."""
    match = _ISO.fullmatch(date or "")
    if not match:
        return date
    year, month, day = match.groups()
    if not month:
        return year
    shown = datetime.date(2000, int(month), 1)
    words = f"{date_format(shown, 'F')} {year}"
    return f"{int(day)} {words}" if day else words


@register.filter
def since(moment: datetime.datetime) -> str:
    """How long ago a moment is, in words; Django says «0 minutes» of the first one."""
    now = timezone.now()
    return timesince(moment, now) if now - moment >= datetime.timedelta(minutes=1) else _("less than a minute")


@register.filter
def apart(names: Iterable[str]) -> SafeString:
    """Names with commas between them; one that is written from right to left turns nothing around it."""
    return format_html_join(", ", "<bdi>{}</bdi>", ((name,) for name in names))


@register.filter
def tag_address(name: str) -> str:
    """What stands in a tag's address: its slug, or its name where the slug would lose something («C++»)."""
    slug = slugify(name, allow_unicode=True)
    return slug if slug.replace("-", " ") == name.lower() else name


@register.filter
def plain(body: str) -> str:
    """The note's words without markup, shortened."""
    return to_plain(body)


@register.filter
def carries_its_tags(note: Annotation) -> bool:
    """True when the tags of the wording that is shown lead to this note.

    Those of a wording that waits beside an approved one do not yet, those of one taken away no longer.
    """
    if note.published_id:
        return note.shown.pk == note.published_id
    return note.shown.status in {Status.PENDING, Status.REJECTED}
