from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("reader", "0023_say_on_which_article_acts_were"),
    ]

    operations = [
        migrations.AddField(
            model_name="annotationversion",
            name="more",
            field=models.JSONField(blank=True, default=dict, editable=False),
        ),
    ]
