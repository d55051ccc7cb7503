"""Errors of appeals and of requests to block a comment."""

from django.utils.translation import gettext_lazy as _

from newsroom.errors import InvalidInput, Refused


class EmptyStatement(InvalidInput):
    code = "statement_empty"

    def __init__(self, field: str) -> None:
        super().__init__({field: _("There is nothing to read here. Write something.")})


class StatementTooLong(InvalidInput):
    code = "statement_too_long"

    def __init__(self, field: str, max_chars: int) -> None:
        message = _("At most %(max)s characters. Shorten it.") % {"max": f"{max_chars:,}"}
        super().__init__({field: message})


class AppealedAlready(Refused):
    code = "appealed_already"
    sentence = _("You have appealed against this decision already. There is one appeal for each.")


class AppealTooLate(Refused):
    code = "appeal_too_late"
    sentence = _("The time to appeal against this decision is over.")


class NothingToAppeal(Refused):
    code = "nothing_to_appeal"
    sentence = _("There is no decision of a moderator in force here to appeal against.")


class AppealDecided(Refused):
    code = "appeal_decided"
    sentence = _("A colleague has decided this appeal meanwhile. Reload to see how.")


class NotYourAppeal(Refused):
    code = "not_your_appeal"
    status = 403
    sentence = _(
        "This is an appeal against your own decision, or your own appeal. A colleague decides it."
    )


class CommentBlocked(Refused):
    code = "comment_blocked"
    sentence = _(
        "This comment is blocked on request by law. Decide under “requests to block comments”."
    )


class BlockDecided(Refused):
    code = "block_decided"
    sentence = _("This request has been decided already. Reload to see how.")


class CommentNotBlockable(Refused):
    code = "comment_not_blockable"
    sentence = _("Readers do not see this comment any more, so that there is nothing to block.")


class NotBlocked(Refused):
    code = "not_blocked"
    sentence = _("This comment is not blocked on request, or an objection was made already.")
