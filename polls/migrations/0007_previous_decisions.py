"""Decisions know the ones before them; votes taken back while a decision holds them stay."""

import django.db.models.deletion
from django.db import migrations, models
from django.db.models import Q

STATES = [("counted", "counted"), ("held", "held"), ("void", "voided"), ("revoked", "taken back while held")]


def hold_revoked(apps, schema_editor):
    """The former state of votes that were taken back: held ones count as little."""
    apps.get_model("polls", "Vote").objects.filter(state="revoked").update(state="held")


class Migration(migrations.Migration):
    dependencies = [("polls", "0006_election_blackouts")]

    operations = [
        migrations.AddField("votedecision", "previous", models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.CASCADE, related_name="+", to="polls.votedecision")),
        migrations.AddField("votedecision", "part_of", models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name="parts", to="polls.votedecision")),
        migrations.AlterField("votedecision", "from_state", models.CharField(choices=STATES, max_length=7, verbose_name="from")),
        migrations.AlterField("votedecision", "to_state", models.CharField(choices=STATES, max_length=7, verbose_name="to")),
        migrations.AlterField("vote", "state", models.CharField(choices=STATES, db_default="counted", default="counted", max_length=7, verbose_name="state")),
        migrations.RemoveConstraint("vote", "a_vote_is_counted_held_or_void"),
        migrations.AddConstraint("vote", models.CheckConstraint(condition=Q(state__in=["counted", "held", "void", "revoked"]), name="a_vote_is_in_a_known_state")),
        migrations.RunPython(migrations.RunPython.noop, hold_revoked),
    ]
