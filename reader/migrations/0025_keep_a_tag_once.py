from django.db import migrations


class Migration(migrations.Migration):
    """Two people who bring the same new tag at once, one with a capital, make one tag of it."""

    dependencies = [
        ("reader", "0001_keep_the_reading_room"),
        ("taggit", "0006_rename_taggeditem_content_type_object_id_taggit_tagg_content_8fc721_idx"),
    ]

    operations = [
        migrations.RunSQL(  # a site from before the first release may have it
            "CREATE UNIQUE INDEX IF NOT EXISTS reader_tag_name_once ON taggit_tag (UPPER(name))",
            "DROP INDEX reader_tag_name_once",
        ),
    ]
