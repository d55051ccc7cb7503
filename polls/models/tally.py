"""Kept tallies of polls: counted votes by side, in slots, so that writers of one poll do not queue."""

from django.db import models


class Tally(models.Model):
    """A slot of a poll's kept tally. The sum over the slots of a poll is its number of counted votes.

    Changed in the transaction of the vote that it counts (polls/actions/tallies.py), or replaced under the
    lock of its poll (`Poll.replace_tally`).  One slot may be below zero: a vote may be taken back through
    another one than it was cast through.
    """

    poll = models.ForeignKey("polls.Poll", models.CASCADE, related_name="tallies")
    slot = models.PositiveSmallIntegerField()
    pro = models.BigIntegerField(default=0)
    con = models.BigIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["poll", "slot"], name="one_tally_per_poll_and_slot"),
        ]

    def __str__(self) -> str:
        return f"{self.poll_id}/{self.slot}: {self.pro}, {self.con}"
