"""Refusals where lines are suggested for a story."""

from django.utils.translation import gettext_lazy as _

from newsroom.errors import Refused


class AssistantOff(Refused):
    code = "assistant_off"
    sentence = _("No assistant is set up. Ask whoever runs this site, or write the lines yourself.")


class NotExtractable(Refused):
    code = "not_extractable"
    status = 422
    sentence = _("Only summary lines are extracted from the text. Ask the assistant for others.")


class NothingToSummarise(Refused):
    code = "nothing_to_summarise"
    status = 422
    sentence = _("The saved text has no sentences to suggest lines from. Write the body first.")


class NoLinesToTakeOver(Refused):
    code = "no_lines_to_take_over"
    sentence = _("This suggestion has no lines. Wait for the answer, or ask again.")
