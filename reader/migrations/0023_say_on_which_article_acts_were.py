from django.db import migrations
from django.db.models import OuterRef, Subquery


def fill_in(apps, schema_editor):
    """As far as the note or proposal is still there; of the others nobody knows any more."""
    model = apps.get_model("reader", "ModerationEvent")
    for what in ("annotation", "proposal"):
        about = apps.get_model("reader", what.title()).objects.filter(pk=OuterRef(f"{what}_id"), article__isnull=False)
        rows = model.objects.filter(**{f"{what}__article__isnull": False})
        rows.update(article=Subquery(about.values("article")), article_slug=Subquery(about.values("article__slug")))


class Migration(migrations.Migration):
    dependencies = [
        ("reader", "0022_keep_on_which_article_an_act_was"),
    ]

    operations = [
        migrations.RunPython(fill_in, migrations.RunPython.noop),
    ]
