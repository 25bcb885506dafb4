import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("reader", "0020_say_that_proposals_are_decided_too"),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name="proposal",
            name="proposal_by_status",
        ),
        migrations.RenameField(
            model_name="proposal",
            old_name="submitted",
            new_name="waits_since",
        ),
        migrations.AlterField(
            model_name="proposal",
            name="waits_since",
            field=models.DateTimeField(default=django.utils.timezone.now, editable=False),
        ),
        migrations.AlterModelOptions(
            name="proposal",
            options={
                "ordering": ["waits_since", "pk"],
                "verbose_name": "proposal",
                "verbose_name_plural": "proposals",
            },
        ),
        migrations.AddField(
            model_name="proposal",
            name="appeal",
            field=models.TextField(blank=True, verbose_name="answer to a rejection"),
        ),
        migrations.AddField(
            model_name="proposal",
            name="appealed",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="proposal",
            name="claimed",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="proposal",
            name="claimed_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddIndex(
            model_name="proposal",
            index=models.Index(fields=["status", "waits_since"], name="proposal_by_wait"),
        ),
        migrations.AlterField(
            model_name='notification',
            name='kind',
            field=models.CharField(choices=[('decided', 'A moderator decided on my note or proposal'), ('replied', 'Somebody replied to my note'), ('followed', 'A new note on what I follow'), ('corrected', 'A card that I follow is corrected'), ('revised', 'A revision changed the words of my note, or took them away'), ('standing', 'A warning, a suspension or a ban, and its end'), ('group-note', 'A new note in a reading group of mine'), ('invited', 'Somebody invites me to a reading group'), ('membership', 'I become the owner of a group, am removed from one, or one is closed'), ('overdue', 'Something waits too long for a moderator'), ('waiting', 'What waits for a moderator, in one summary')], max_length=10),
        ),
        migrations.AlterField(
            model_name='notification',
            name='outcome',
            field=models.CharField(blank=True, choices=[('approved', 'approved'), ('edited', 'changed and approved'), ('rejected', 'not accepted'), ('upheld', 'not accepted, after your answer'), ('returned', 'sent back to be revised'), ('undone', 'decision taken back'), ('shown-again', 'public again'), ('changed', 'the wording changed'), ('lost', 'its words are gone'), ('warning', 'warning'), ('suspension', 'suspension'), ('ban', 'ban'), ('lifted', 'lifted'), ('owner', 'became its owner'), ('removed', 'removed'), ('closed', 'closed')], max_length=12),
        ),
        migrations.AlterField(
            model_name='preference',
            name='kind',
            field=models.CharField(choices=[('decided', 'A moderator decided on my note or proposal'), ('replied', 'Somebody replied to my note'), ('followed', 'A new note on what I follow'), ('corrected', 'A card that I follow is corrected'), ('revised', 'A revision changed the words of my note, or took them away'), ('standing', 'A warning, a suspension or a ban, and its end'), ('group-note', 'A new note in a reading group of mine'), ('invited', 'Somebody invites me to a reading group'), ('membership', 'I become the owner of a group, am removed from one, or one is closed'), ('overdue', 'Something waits too long for a moderator'), ('waiting', 'What waits for a moderator, in one summary')], max_length=10),
        ),
    ]
