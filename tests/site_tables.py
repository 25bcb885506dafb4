"""Every row of every table by what it says, without row numbers: two sites are the same when these are equal.

Knows nothing of how the site is exported, so that what an export forgets is seen here.
"""

from collections import Counter
from typing import Any

from django.apps import apps
from django.db.models import ForeignKey, Model

# What does not come back from a whole export, and why.
TABLES_LEFT_OUT = {
    "reader.ApiToken": "secrets of programs",
    "reader.Notification": "what one person was told; what happened is in the announcements and the trail",
    "reader.Counter": "how much was written in the last minutes",
    "reader.Draft": "texts that are not yet part of the site",
}
NOT_USED = {"reader.Member_groups", "reader.Member_user_permissions"}  # Django's own, beside our roles
OTHER_APPS = {
    "auth": "groups and permissions of Django, which are not used", "admin": "who clicked what in the admin",
    "contenttypes": "made by migrations", "sessions": "who is logged in", "usersessions": "where somebody is logged in",
    "account": "e-mail addresses", "mfa": "second steps", "socialaccount": "accounts elsewhere", "sites": "not used",
    "django_tasks_database": "work on its way", "modelsearch": "made again from the texts",
}  # fmt: skip
COLUMNS_LEFT_OUT = {
    "reader.Member": {"password", "last_login", "email", "is_superuser", "is_staff", "groups", "user_permissions"}
}


def compared() -> list[type[Model]]:
    """The models whose every row must come back."""
    found = [m for app in ("reader", "taggit") for m in apps.get_app_config(app).get_models(include_auto_created=True)]
    return [model for model in found if model._meta.label not in {*TABLES_LEFT_OUT, *NOT_USED}]


def tables() -> dict[str, Counter[str]]:
    """For each model what its rows say, each with how often."""
    said: dict[tuple[str, Any], str] = {}
    return {m._meta.label: Counter(_says(row, said) for row in m._base_manager.all()) for m in compared()}


def _says(row: Model, said: dict[tuple[str, Any], str], *, deep: bool = True) -> str:
    left_out = COLUMNS_LEFT_OUT.get(row._meta.label, set())
    fields = [f for f in row._meta.concrete_fields if not f.primary_key and f.name not in left_out]
    return repr([(f.name, _value(row, f, said) if deep else getattr(row, f.attname)) for f in fields
                 if deep or not isinstance(f, ForeignKey)])  # fmt: skip


def _value(row: Model, field: Any, said: dict[tuple[str, Any], str]) -> Any:
    """The value; of a reference, what the row at its other end says of itself."""
    value = getattr(row, field.attname)
    if field.name == "object_id":  # a tag is on a row of any kind
        model = row.content_type.model_class()  # type: ignore[attr-defined]
        return _says(model._base_manager.get(pk=value), said, deep=False)
    if value is None or not isinstance(field, ForeignKey):
        return value
    name = (field.related_model._meta.label, value)
    if name not in said:
        other = getattr(row, field.name)
        said[name] = (
            other._meta.label if other._meta.label.startswith("contenttypes") else _says(other, said, deep=False)
        )
    return said[name]
