"""The trail guarded by the database itself: its rows are neither changed nor erased, whoever writes to the table.

Two things may change, and only as a note or a person goes: what a row refers to, and the name of who is not referred to
any more. Migrations are free to change the table: they take the guards off before and put them on afterwards.
"""

from typing import Any

from django.apps import apps
from django.db import connections

SAYS = "The trail is only written to, never changed or erased."
GUARDED = ["UPDATE", "DELETE"]
NAMES = {"by_name": "by_id", "about_name": "about_id"}


def guard(using: str, **_signal: Any) -> None:
    """Put the guards on. Runs after every migrate, so that new columns are guarded too."""
    set_free(using)
    connection = connections[using]
    with connection.cursor() as cursor:
        if _table() not in connection.introspection.table_names(cursor):
            return  # migrated back to before it was made
        columns = {each.name for each in connection.introspection.get_table_description(cursor, _table())}
        if connection.vendor == "postgresql":
            cursor.execute(
                "CREATE OR REPLACE FUNCTION trail_refuses() RETURNS trigger LANGUAGE plpgsql AS "
                f"$$ BEGIN RAISE EXCEPTION '{SAYS}' USING ERRCODE = 'integrity_constraint_violation'; END $$"
            )
        for act in GUARDED:
            cursor.execute(_trigger(act, connection.vendor, columns))


def set_free(using: str, **_signal: Any) -> None:
    """Take the guards off."""
    connection = connections[using]
    on = f" ON {_table()}" if connection.vendor == "postgresql" else ""
    with connection.cursor() as cursor:
        for act in ("UPDATE", "DELETE"):
            cursor.execute(f"DROP TRIGGER IF EXISTS {_name(act)}{on}")


def _trigger(act: str, vendor: str, columns: set[str]) -> str:
    differs = "IS DISTINCT FROM" if vendor == "postgresql" else "IS NOT"
    when = f" WHEN ({_changed(differs, columns)})" if act == "UPDATE" else ""
    head = f"CREATE TRIGGER {_name(act)} BEFORE {act} ON {_table()}"
    if vendor == "postgresql":
        return f"{head} FOR EACH ROW{when} EXECUTE FUNCTION trail_refuses()"
    return f"{head}{when} BEGIN SELECT RAISE(ABORT, '{SAYS}'); END"


def _changed(differs: str, columns: set[str]) -> str:
    """In SQL: something differs that stays, a name of who is still referred to, or a row refers to somebody new."""
    every = apps.get_model("reader.ModerationEvent")._meta.concrete_fields
    fields = [field for field in every if field.column in columns]
    loose = {field.column for field in fields if field.is_relation}
    kept = {field.column for field in fields} - loose - set(NAMES)
    stays = [f"OLD.{column} {differs} NEW.{column}" for column in sorted(kept)]
    named = [f"(OLD.{name} {differs} NEW.{name} AND NEW.{who} IS NOT NULL)" for name, who in NAMES.items()]
    points = [f"(OLD.{column} {differs} NEW.{column} AND NEW.{column} IS NOT NULL)" for column in sorted(loose)]
    return " OR ".join(stays + named + points)


def _name(act: str) -> str:
    return f"trail_refuses_{act.lower()}"


def _table() -> str:
    return apps.get_model("reader.ModerationEvent")._meta.db_table
