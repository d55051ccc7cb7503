"""Keys of voters are derived from VOTE_SECRET, which is not in the database.

The key of each vote becomes an HMAC, under VOTE_SECRET, of the one that it has. The former secret of the
poll, now `legacy_salt`, ties no vote to anybody without VOTE_SECRET; the end of the poll's grace period
removes it. New polls have none. What no migration can do: in copies of the database made before, votes
are still tied to accounts.

Irreversible: nobody can tell the former keys from the new ones.
"""

import hashlib
import hmac

from django.conf import settings
from django.db import connection, migrations, models

VOTES_PER_UPDATE = 2000
UPDATE_SQL = "UPDATE polls_vote SET voter = %s, browser = %s WHERE id = %s"


def poll_key(poll_id):
    purpose = b"polls/voters/1/" + str(poll_id).encode() + b"\x01"
    return hmac.new(settings.VOTE_SECRET.encode(), purpose, hashlib.sha256).digest()


def wrap(key, digest):
    return hmac.new(key, digest.encode(), hashlib.sha256).hexdigest() if digest else ""


def wrap_keys(apps, schema_editor):
    votes = apps.get_model("polls", "Vote").objects
    for poll_id in votes.order_by().values_list("poll", flat=True).distinct():
        key, last = poll_key(poll_id), 0
        of_poll = votes.filter(poll=poll_id).order_by("pk").values_list("voter", "browser", "pk")
        while rows := list(of_poll.filter(pk__gt=last)[:VOTES_PER_UPDATE]):
            with connection.cursor() as cursor:
                cursor.executemany(UPDATE_SQL, [(wrap(key, v), wrap(key, b), pk) for v, b, pk in rows])
            last = rows[-1][-1]
    polls = apps.get_model("polls", "Poll").objects
    polls.exclude(pk__in=votes.order_by().values("poll")).update(legacy_salt="")


class Migration(migrations.Migration):
    dependencies = [("polls", "0004_kept_tallies")]

    operations = [
        migrations.RenameField("poll", "secret", "legacy_salt"),
        migrations.AlterField("poll", "legacy_salt", models.CharField(blank=True, editable=False, max_length=64)),
        migrations.AddField("poll", "unlinked_at", models.DateTimeField(editable=False, null=True)),
        migrations.AddIndex("poll", models.Index(fields=["closes_at"], condition=models.Q(unlinked_at__isnull=True), name="polls_to_unlink")),
        migrations.RunPython(wrap_keys),
    ]
