"""Refusals about versions of a draft and autosave."""

from django.utils.translation import gettext_lazy as _

from desk.errors import EditedElsewhere, EditedInAnotherWindow, PollHasVotes
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


class BothTextsShown(EditedElsewhere):
    """On the story page, where both texts stand above the form."""

    sentence = _(
        "Somebody else changed this story meanwhile. Both texts are shown above: choose what stays,"
        " then save."
    )


class BothOwnTextsShown(EditedInAnotherWindow):
    """As `BothTextsShown`, of one's own other window."""

    sentence = _(
        "You changed this story meanwhile, in another window. Both texts are shown above: choose what"
        " stays, then save."
    )


class NothingSavedSince(Refused):
    code = "nothing_saved_since"
    sentence = _(
        "Nobody has saved this story since you opened it. Your text is on this page and is not saved yet."
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
