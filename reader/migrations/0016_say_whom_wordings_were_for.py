from django.db import migrations
from django.db.models import Exists, OuterRef


def say(apps, schema_editor):
    """Private notes' wordings, and those of public notes that nobody was ever shown nor sent."""
    version, event = apps.get_model("reader", "AnnotationVersion"), apps.get_model("reader", "ModerationEvent")
    version.objects.filter(annotation__visibility="private").update(visibility="private")
    sent = event.objects.filter(annotation=OuterRef("annotation"), version=OuterRef("number"))
    never_sent = version.objects.filter(annotation__visibility="public", status="pending").exclude(Exists(sent))
    followed = version.objects.filter(annotation=OuterRef("annotation"), number__gt=OuterRef("number"))
    never_sent.filter(Exists(followed)).update(visibility="private")


class Migration(migrations.Migration):
    dependencies = [
        ("reader", "0015_keep_reading_groups"),
    ]

    operations = [
        migrations.RunPython(say, migrations.RunPython.noop),
    ]
