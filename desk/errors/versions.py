"""Refusals about versions of a draft and autosave."""

from django.utils.translation import gettext_lazy as _

from desk.errors import PollHasVotes
from newsroom.errors import NotFound, Refused


class PollHasVotesSince(PollHasVotes):
    sentence = _(
        "People have voted in the poll that the story has now. Restore the other fields without the poll."
    )


class UnderReview(Refused):
    code = "under_review"
    sentence = _(
        "The text is submitted or approved: it is not saved automatically. Saving it yourself sends it"
        " through review again."
    )


class NoSuchVersion(NotFound):
    code = "no_such_version"
    sentence = _("There is no such version. Automatic saves are kept for 30 days.")


class NothingLive(NotFound):
    code = "nothing_live"
    sentence = _("Readers have nothing of this story to compare with.")


class NothingToRestore(Refused):
    code = "nothing_to_restore"
    sentence = _("The story has this content already.")
