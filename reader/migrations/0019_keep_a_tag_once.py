from django.db import migrations
from django.db.models import Count, Min
from django.db.models.functions import Upper


def merge_twins(apps, schema_editor):
    """Of tags that differ by case alone the first stays, with all that the others were given to."""
    Tag, Follow = apps.get_model("taggit", "Tag"), apps.get_model("reader", "Follow")
    TaggedItem = apps.get_model("taggit", "TaggedItem")
    twins = Tag.objects.order_by().values(upper=Upper("name")).annotate(n=Count("pk"), first=Min("pk")).filter(n__gt=1)
    for row in list(twins):
        others = Tag.objects.annotate(upper=Upper("name")).filter(upper=row["upper"]).exclude(pk=row["first"])
        for item in TaggedItem.objects.filter(tag__in=others):
            there = {"content_type": item.content_type, "object_id": item.object_id}
            if not TaggedItem.objects.filter(tag=row["first"], **there).exists():
                TaggedItem.objects.filter(pk=item.pk).update(tag=row["first"])
        for follow in Follow.objects.filter(tag__in=others):
            if not Follow.objects.filter(tag=row["first"], member=follow.member).exists():
                Follow.objects.filter(pk=follow.pk).update(tag=row["first"])
        others.delete()
    schema_editor.connection.check_constraints()  # what is left for the end of the transaction forbids an index


class Migration(migrations.Migration):
    """Two people who bring the same new tag at once, one with a capital, make one tag of it."""

    dependencies = [
        ("reader", "0018_find_what_is_not_public"),
        ("taggit", "0006_rename_taggeditem_content_type_object_id_taggit_tagg_content_8fc721_idx"),
    ]

    operations = [
        migrations.RunPython(merge_twins, migrations.RunPython.noop),
        migrations.RunSQL(
            "CREATE UNIQUE INDEX reader_tag_name_once ON taggit_tag (UPPER(name))", "DROP INDEX reader_tag_name_once"
        ),
    ]
