"""Counts that every page of somebody logged in needs: compiled once, then only asked.

Making the SQL of such a question takes Django ten times as long as SQLite takes to answer it.
"""

from collections.abc import Callable
from functools import cache
from typing import Any

from django.db import connection
from django.db.models import QuerySet

from reader.models.people import Member

STAND_IN = -1_987_654_321  # stands for the person's id while the question is compiled; no row has it

Question = Callable[[Member], QuerySet[Any]]


def count_for(person: Member, question: Question) -> int:
    """How many rows `question(person)` has. It may depend on nothing of the person but id and moderator role."""
    sql, parameters = _compiled(question, person.is_moderator)
    with connection.cursor() as cursor:
        cursor.execute(sql, [person.pk if value == STAND_IN else value for value in parameters])
        return int(cursor.fetchone()[0])


@cache
def _compiled(question: Question, is_moderator: bool) -> tuple[str, tuple[Any, ...]]:
    asked = question(Member(pk=STAND_IN, is_moderator=is_moderator)).order_by().values("pk")
    sql, parameters = asked.query.sql_with_params()
    return f"SELECT COUNT(*) FROM ({sql}) AS counted", parameters  # noqa: S608 (Django wrote it; values stay apart)
