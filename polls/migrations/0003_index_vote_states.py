"""The former column `void` goes, indexes and constraint by state come."""

from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [("polls", "0002_vote_states")]

    operations = [
        migrations.RemoveIndex("vote", "votes_that_count"),
        migrations.RemoveIndex("vote", "votes_of_a_browser"),
        migrations.RemoveField("vote", "void"),
        migrations.AlterField("vote", "poll", models.ForeignKey(db_index=False, on_delete=models.PROTECT, related_name="votes", to="polls.poll")),
        migrations.AddConstraint("vote", models.CheckConstraint(condition=Q(state__in=["counted", "held", "void"]), name="a_vote_is_counted_held_or_void")),
        migrations.AddIndex("vote", models.Index(fields=["poll", "state", "side"], name="votes_by_state")),
        migrations.AddIndex("vote", models.Index(fields=["poll", "rule"], condition=Q(state="held"), name="votes_held")),
        migrations.AddIndex("vote", models.Index(fields=["decision"], condition=Q(decision__isnull=False), name="votes_decided")),
        migrations.AddIndex("vote", models.Index(fields=["poll", "browser"], condition=~Q(browser=""), name="votes_of_a_browser")),
    ]
