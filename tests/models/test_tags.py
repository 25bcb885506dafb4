"""A tag is one tag, whoever brings it first and with which capitals."""

import pytest
from django.db import IntegrityError, transaction
from taggit.models import Tag


def test_tags_that_differ_by_case_alone_are_refused(db):
    Tag.objects.create(name="Envoys")
    with pytest.raises(IntegrityError), transaction.atomic():
        Tag.objects.create(name="envoys")
    Tag.objects.create(name="envoy")
