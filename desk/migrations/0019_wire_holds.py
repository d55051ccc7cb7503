"""Holds after changes of agency copy, and the releases that they hold back."""

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("desk", "0018_kept_addresses"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name='release',
            name='held_at',
            field=models.DateTimeField(editable=False, null=True, verbose_name='held back'),
        ),
        migrations.AlterField(
            model_name='notice',
            name='what',
            field=models.CharField(choices=[('release_failed', 'did not go out'), ('release_late', 'went out after all'), ('release_missed', 'does not go out any more'), ('subscriber_failing', 'is not reached'), ('subscriber_off', 'has switched itself off'), ('claim_received', 'a claim came in'), ('claim_soon', 'a claim is due tomorrow'), ('claim_today', 'a claim is due today'), ('claim_late', 'the period of a claim is over'), ('story_assigned', 'is assigned to you'), ('story_taken_over', 'was taken over'), ('story_mentioned', 'mentions you'), ('wire_cancelled', 'is cancelled by its agency'), ('wire_withheld', 'waits for a decision on its agency copy'), ('wire_corrected', 'is corrected by its agency'), ('wire_embargo', 'has another embargo of its agency')], max_length=20, verbose_name='what happened'),
        ),
        migrations.CreateModel(
            name='WireHold',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('cancelled', 'The agency has cancelled this story.'), ('withheld', 'The story waits for a decision in the wire inbox.'), ('embargo', 'The embargo of this story has changed.'), ('correction', 'The agency has corrected this story.'), ('text', 'The agency has sent a newer version.')], max_length=12, verbose_name='what happened')),
                ('version_number', models.PositiveIntegerField(verbose_name='version of the agency')),
                ('is_hidden', models.BooleanField(default=False, verbose_name='article taken down')),
                ('at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='at')),
                ('ended_at', models.DateTimeField(null=True)),
                ('note', models.CharField(blank=True, max_length=300)),
                ('draft', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='desk.draft')),
                ('ended_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'hold after a change of agency copy',
                'verbose_name_plural': 'holds after changes of agency copy',
                'default_permissions': (),
                'constraints': [models.UniqueConstraint(condition=models.Q(('ended_at__isnull', True)), fields=('draft',), name='one_open_hold_per_draft')],
            },
        ),
    ]
