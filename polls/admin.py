"""Admin of polls: results, read-only, and a button to close one. Its text is edited with the story."""

from typing import Any

from django.contrib import admin
from django.db.models import OuterRef, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce
from django.http import HttpRequest
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from newsroom.admin.base import Button, ButtonAdmin, ReadOnlyAdmin
from polls.actions import close_poll
from polls.models import Poll, Tally
from polls.permissions import may_close_polls
from polls.representation import vote_shares

# CSS class of the chip for each state.
STATE_CHIPS = {
    Poll.State.WAITING: "waits",
    Poll.State.OPEN: "live",
    Poll.State.CLOSED: "gone",
    Poll.State.BLACKOUT: "waits",
}
# In which a poll can be closed.
OPEN_STATES = {Poll.State.OPEN, Poll.State.BLACKOUT}


@admin.register(Poll)
class PollAdmin(ButtonAdmin, ReadOnlyAdmin):
    """Admin of polls."""

    list_display = ("question", "chip", "pro", "con", "total", "opens_at", "closes_at", "public")
    search_fields = ("question", "title")
    ordering = ("-pk",)
    fields = (
        "title",
        "question",
        "chip",
        "results_text",
        "sides_text",
        "opens_at",
        "closes_at",
        "results",
        "public",
    )
    buttons = (
        Button(
            "close",
            _("Close the poll now"),
            action=close_poll,
            success_message=_("Closed. The votes that came before count."),
            is_allowed=may_close_polls,
            is_available=lambda poll: poll.state(timezone.now()) in OPEN_STATES,
        ),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        kept = Tally.objects.filter(poll=OuterRef("pk")).order_by().values("poll")
        pro, con = (Subquery(kept.annotate(n=Sum(side)).values("n")) for side in ("pro", "con"))
        return Poll.objects.annotate(pro_votes=Coalesce(pro, 0), con_votes=Coalesce(con, 0))

    @admin.display(description=_("state"))
    def chip(self, poll: Poll) -> str:
        state = poll.state(timezone.now())
        return format_html('<span class="chip {}">{}</span>', STATE_CHIPS[state], state.label)

    @admin.display(description=_("pro"), ordering="pro_votes")
    def pro(self, poll: Any) -> str:
        return f"{poll.pro_votes:,}"

    @admin.display(description=_("con"), ordering="con_votes")
    def con(self, poll: Any) -> str:
        return f"{poll.con_votes:,}"

    @admin.display(description=_("all votes"))
    def total(self, poll: Any) -> str:
        return f"{poll.pro_votes + poll.con_votes:,}"

    @admin.display(description=_("votes"))
    def results_text(self, poll: Any) -> str:
        votes = {"pro": poll.pro_votes, "con": poll.con_votes}
        shares = vote_shares(votes)
        return gettext("pro %(pro)d (%(pro_share)d %%) · con %(con)d (%(con_share)d %%)") % {
            **votes,
            "pro_share": shares["pro"],
            "con_share": shares["con"],
        }

    @admin.display(description=_("sides"))
    def sides_text(self, poll: Poll) -> str:
        sides = ((s.label, s.persona, s.argument) for s in poll.sides.all())
        return format_html_join("", "<p><strong>{} · {}</strong> {}</p>", sides)
