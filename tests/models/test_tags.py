"""A tag is one tag, whoever brings it first and with which capitals."""

import importlib
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.apps import apps
from django.db import IntegrityError, connection, transaction
from taggit.models import Tag

from reader import migrations
from reader.models import Follow
from tests.make import make_note

MIGRATION = next(Path(migrations.__path__[0]).glob("*_keep_a_tag_once.py")).stem


def test_tags_that_differ_by_case_alone_are_refused(db):
    Tag.objects.create(name="Envoys")
    with pytest.raises(IntegrityError), transaction.atomic():
        Tag.objects.create(name="envoys")
    Tag.objects.create(name="envoy")


def test_twins_from_before_become_one_with_all_that_hung_on_them(letters, people):
    one, other = (make_note(letters, author=people.trusted, tags=[name]) for name in ("kingfisher", "lantern"))
    migration = importlib.import_module(f"reader.migrations.{MIGRATION}")
    with connection.cursor() as cursor:
        cursor.execute("DROP INDEX reader_tag_name_once")
    Tag.objects.filter(name="lantern").update(name="Kingfisher")
    Follow.objects.create(member=people.stranger, tag=Tag.objects.get(name="Kingfisher"))
    migration.merge_twins(apps, SimpleNamespace(connection=connection))
    assert [tag.name for tag in Tag.objects.filter(name__iexact="kingfisher")] == ["kingfisher"]
    assert list(one.tags.names()) == list(other.tags.names()) == ["kingfisher"]
    assert people.stranger.follows.get().tag.name == "kingfisher"
