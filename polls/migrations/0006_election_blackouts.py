"""Polls about an election, and when they are suspended before it."""

from django.db import migrations, models
from django.db.models import F, Q


class Migration(migrations.Migration):
    dependencies = [("polls", "0005_keys_from_vote_secret")]

    operations = [
        migrations.AddField("poll", "election_day", models.DateField(blank=True, null=True, verbose_name="day of the election")),
        migrations.AddField("poll", "blackout_from", models.DateTimeField(editable=False, null=True, verbose_name="votes suspended from")),
        migrations.AddField("poll", "blackout_until", models.DateTimeField(editable=False, null=True, verbose_name="votes suspended until")),
        migrations.AddConstraint("poll", models.CheckConstraint(condition=Q(blackout_from__isnull=True, blackout_until__isnull=True) | Q(blackout_from__lt=F("blackout_until")), name="a_blackout_ends_after_it_begins")),
        migrations.AddIndex("poll", models.Index(fields=["blackout_until"], condition=Q(blackout_until__isnull=False), name="polls_of_elections")),
    ]
