"""Votes are counted, held or void; indexes for each."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from django.db.models import Q

STATES = [("counted", "counted"), ("held", "held"), ("void", "voided")]
RULES = [
    ("no_page", "no page was read before it"),
    ("address", "very many votes from one address"),
    ("network", "very many votes from one network"),
    ("burst", "far more votes a minute than before"),
    ("double", "the account has voted itself"),
]


def copy_void(apps, schema_editor):
    apps.get_model("polls", "Vote").objects.filter(void=True).update(state="void")


def copy_state(apps, schema_editor):
    votes = apps.get_model("polls", "Vote").objects
    votes.exclude(state="counted").update(void=True)


class Migration(migrations.Migration):
    dependencies = [("polls", "0001_initial"), migrations.swappable_dependency(settings.AUTH_USER_MODEL)]

    operations = [
        migrations.CreateModel(
            name="VoteDecision",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("from_state", models.CharField(choices=STATES, max_length=7, verbose_name="from")),
                ("to_state", models.CharField(choices=STATES, max_length=7, verbose_name="to")),
                ("rule", models.CharField(blank=True, choices=RULES, max_length=7, verbose_name="rule")),
                ("since", models.DateTimeField(blank=True, null=True, verbose_name="cast from")),
                ("until", models.DateTimeField(blank=True, null=True, verbose_name="cast before")),
                ("reason", models.CharField(max_length=300, verbose_name="reason")),
                ("count", models.PositiveIntegerField(verbose_name="votes")),
                ("made_at", models.DateTimeField(verbose_name="decided")),
                ("undone_at", models.DateTimeField(null=True, verbose_name="undone")),
                ("by", models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="+", to=settings.AUTH_USER_MODEL)),
                ("poll", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="decisions", to="polls.poll")),
            ],
            options={"verbose_name": "decision on votes", "verbose_name_plural": "decisions on votes"},
        ),
        migrations.AddField("vote", "state", models.CharField(choices=STATES, db_default="counted", default="counted", max_length=7, verbose_name="state")),
        migrations.AddField("vote", "rule", models.CharField(blank=True, choices=RULES, db_default="", max_length=7, verbose_name="rule")),
        migrations.AddField("vote", "decision", models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="votes", to="polls.votedecision")),
        migrations.RunPython(copy_void, copy_state),
    ]
