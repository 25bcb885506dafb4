"""Small helps for templates: safe Markdown, plain words."""

from django import template
from django.utils.safestring import mark_safe
from django.utils.text import slugify

from reader.text.markdown import to_html, to_plain

register = template.Library()


@register.filter
def markdown(body: str) -> str:
    """The note's Markdown as safe HTML."""
    return mark_safe(to_html(body))  # noqa: S308 (cleaned by nh3 in reader.text.markdown)


@register.filter
def tag_address(name: str) -> str:
    """What stands in a tag's address: its slug, or its name where the slug would lose something («C++»)."""
    slug = slugify(name, allow_unicode=True)
    return slug if slug.replace("-", " ") == name.lower() else name


@register.filter
def plain(body: str) -> str:
    """The note's words without markup, shortened."""
    return to_plain(body)
