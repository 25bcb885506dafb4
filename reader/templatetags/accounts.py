"""Where somebody is logged in, in words."""

from django import template
from django.utils.translation import gettext as _

register = template.Library()
# What a program calls itself in its User-Agent; the first that is found, since most name those they imitate too.
BROWSERS = {"Edg": "Edge", "OPR": "Opera", "Firefox": "Firefox", "FxiOS": "Firefox", "Chrome": "Chrome",
            "CriOS": "Chrome", "Safari": "Safari"}  # fmt: skip
SYSTEMS = {"Android": "Android", "iPhone": "iPhone", "iPad": "iPad", "Windows": "Windows", "CrOS": "ChromeOS",
           "Mac OS X": "Mac", "Linux": "Linux"}  # fmt: skip


@register.filter
def device(user_agent: str) -> str:
    """«Firefox, Android»; what is not known as it calls itself."""
    found = [next((name for sign, name in names.items() if sign in user_agent), "") for names in (BROWSERS, SYSTEMS)]
    return ", ".join(filter(None, found)) or user_agent[:80] or _("A program without a name")
