"""Errors of polls."""

from django.utils.translation import gettext_lazy as _

from newsroom.errors import NotFound, Refused


class NoSuchPoll(NotFound):
    """There is no such poll, or it is not public."""


class PollNotOpen(Refused):
    code = "poll_not_open"
    sentence = _("This poll is not open for votes.")


class ElectionBlackout(PollNotOpen):
    code = "election_blackout"
    sentence = _(
        "Before an election, votes and results of this poll are suspended (Public Official Election"
        " Act, article 108)."
    )


class AlreadyVoted(Refused):
    code = "already_voted"
    sentence = _(
        "A signed-in reader of this browser has voted already. Sign in to change the vote."
    )


class VoteVoided(Refused):
    code = "vote_taken_out"
    status = 403
    sentence = _(
        "This vote was taken out of the count. Write to the newsroom if that is a mistake."
    )


class InvalidPoll(Refused):
    code = "poll_unfit"
    status = 400
    sentence = _(
        "A poll needs a question and two sides, pro and con, each with a label and a mascot."
    )


class ElectionBeforePoll(Refused):
    """The voting of an election ends before the poll opens: probably another year was meant."""

    code = "election_before_poll"
    sentence = _("This election is over before the poll opens. Is the year right?")


class NoDecisionReason(Refused):
    code = "no_reason"
    status = 400
    sentence = _("Say why these votes are counted or taken out.")


class NothingToDecide(Refused):
    code = "nothing_to_decide"
    sentence = _("There are no such votes.")


class AlreadyUndone(Refused):
    code = "already_undone"
    sentence = _("This decision has been undone already.")


class NotWholeHours(Refused):
    """A decision on votes of part of an hour, whose sides would tell what was voted when."""

    code = "not_whole_hours"
    sentence = _("Decide on whole hours: give times such as 21:00.")


class DecidedMeanwhile(Refused):
    """Another decision on votes of the poll was made since it was read."""

    code = "decided_meanwhile"
    status = 412
    sentence = _(
        "Somebody has decided on votes of this poll meanwhile. Look at them again, then decide."
    )
