"""Admin of polls: results, held votes and decisions on them, read-only, with buttons. The text of a poll
is edited with its story."""

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import Count, OuterRef, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce
from django.http import HttpRequest
from django.urls import URLPattern, reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from newsroom.admin.base import Button, ButtonAdmin, ReadOnlyAdmin
from newsroom.text.dates import format_short_time
from polls.actions import close_poll, set_election_day, undo_last_decision
from polls.admin.timeline import decisions_of, timeline_urls
from polls.forms import DecisionForm, ElectionDayForm, decide_by_form
from polls.models import Poll, Tally, Vote, VoteDecision
from polls.permissions import may_close_polls, may_void_votes
from polls.representation import vote_shares

# CSS class of the chip for each state.
STATE_CHIPS = {
    Poll.State.WAITING: "waits",
    Poll.State.OPEN: "live",
    Poll.State.CLOSED: "gone",
    Poll.State.BLACKOUT: "waits",
}


def decision_message(decision: VoteDecision) -> str:
    return gettext("Decided on %(count)d votes.") % {"count": decision.count}


def undo_message(count: int) -> str:
    return gettext("Undone: %(count)d votes are as before.") % {"count": count}


# Buttons that decide on votes, and what of the form the query may fill.
DECIDING_VERBS = {"decide", "undo"}
DECISION_FIELDS = ("decision", "rule", "since", "until")
# In which a poll can be closed.
OPEN_STATES = {Poll.State.OPEN, Poll.State.BLACKOUT}


@admin.register(Poll)
class PollAdmin(ButtonAdmin, ReadOnlyAdmin):
    """Admin of polls."""

    list_display = (
        *("question", "chip", "pro", "con", "total", "timeline_link"),
        *("opens_at", "closes_at", "public"),
    )
    search_fields = ("question", "title")
    ordering = ("-pk",)
    fields = (
        "title",
        "question",
        "chip",
        "results_text",
        "timeline_link",
        "held_text",
        "decisions_text",
        "sides_text",
        "opens_at",
        "closes_at",
        "results",
        "election_text",
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
        Button(
            "decide",
            _("Count, hold or take out votes"),
            action=decide_by_form,
            success_message=decision_message,
            is_allowed=may_void_votes,
            form=DecisionForm,
            help_text=_(
                "For all votes of this kind at once, or for those cast within the dates and times that you"
                " give. The decision and its reason are kept, and you can undo it."
            ),
        ),
        Button(
            "undo",
            _("Undo the last decision"),
            action=undo_last_decision,
            success_message=undo_message,
            is_allowed=may_void_votes,
            is_available=lambda poll: poll.decisions.filter(undone_at=None).exists(),
        ),
        Button(
            "election",
            _("About an election"),
            action=set_election_day,
            success_message=_("Saved. It holds on every page at once."),
            is_allowed=may_close_polls,
            form=ElectionDayForm,
            help_text=_(
                "From six days before the election until its voting ends, the poll takes no votes and shows"
                " no result, by itself (Public Official Election Act, article 108)."
            ),
        ),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        slots = Tally.objects.filter(poll=OuterRef("pk")).order_by().values("poll")
        pro, con = (Subquery(slots.annotate(n=Sum(side)).values("n")) for side in ("pro", "con"))
        return Poll.objects.annotate(pro_votes=Coalesce(pro, 0), con_votes=Coalesce(con, 0))

    def get_urls(self) -> list[URLPattern]:
        return [*timeline_urls(self), *super().get_urls()]

    def button_form(self, request: HttpRequest, button: Button, obj: Any) -> forms.Form | None:
        """The form of a button; that of a decision may be filled by the query (polls/admin/timeline.py)."""
        initial = {name: request.GET[name] for name in DECISION_FIELDS if name in request.GET}
        initial |= {"election_day": obj.election_day}
        return button.form(request.POST or None, initial=initial) if button.form else None

    def seen_version(self, request: HttpRequest, obj: Any) -> dict[str, int]:
        """The version, for the buttons that decide on votes."""
        match = request.resolver_match
        decides = match is not None and match.kwargs.get("verb") in DECIDING_VERBS
        return super().seen_version(request, obj) if decides else {}

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

    @admin.display(description=_("timeline"))
    def timeline_link(self, poll: Poll) -> str:
        url = reverse("admin:polls_poll_timeline", args=[poll.pk])
        return format_html('<a href="{}">{}</a>', url, gettext("votes by hour"))

    @admin.display(description=_("votes"))
    def results_text(self, poll: Any) -> str:
        votes = {"pro": poll.pro_votes, "con": poll.con_votes}
        shares = vote_shares(votes)
        return gettext("pro %(pro)d (%(pro_share)d %%) · con %(con)d (%(con_share)d %%)") % {
            **votes,
            "pro_share": shares["pro"],
            "con_share": shares["con"],
        }

    @admin.display(description=_("held votes"))
    def held_text(self, poll: Any) -> str:
        """Held votes by the rule that held them."""
        waiting = poll.votes.on_hold().order_by().values("rule").annotate(n=Count("pk"))
        rules = dict(Vote.Rule.choices) | {"": _("by decision")}
        lines = [(rules[row["rule"]], f"{row['n']:,}") for row in waiting.order_by("rule")]
        return format_html_join("", "<p>{}: <strong>{}</strong></p>", lines) or gettext("none")

    @admin.display(description=_("decisions on votes"))
    def decisions_text(self, poll: Any) -> str:
        """The latest decisions, each with what became of which votes, and why."""
        lines = (
            (
                format_short_time(row.made_at),
                row.by or gettext("(account deleted)"),
                f"{row.get_from_state_display()} → {row.get_to_state_display()}",
                f"{row.count:,}",
                row.reason,
                f" ({gettext('undone')})" if row.undone_at else "",
            )
            for row in decisions_of(poll)
        )
        return format_html_join("", "<p>{} · {} · {} · <strong>{}</strong> · {}{}</p>", lines) or (
            gettext("none")
        )

    @admin.display(description=_("day of the election"))
    def election_text(self, poll: Poll) -> str:
        if not (poll.election_day and poll.blackout_from and poll.blackout_until):
            return gettext("none")
        return gettext("%(day)s · suspended from %(begin)s to %(end)s") % {
            "day": poll.election_day.isoformat(),
            "begin": format_short_time(poll.blackout_from),
            "end": format_short_time(poll.blackout_until),
        }

    @admin.display(description=_("sides"))
    def sides_text(self, poll: Poll) -> str:
        sides = ((s.label, s.persona, s.argument) for s in poll.sides.all())
        return format_html_join("", "<p><strong>{} · {}</strong> {}</p>", sides)
