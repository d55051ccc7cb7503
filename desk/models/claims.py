"""Claim under the Press Arbitration Act (정정·반론·추후보도 청구), and the claimant's personal data."""

from datetime import date, datetime, timedelta
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Case, F, Q, When
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from articles.models import Article, CorrectionKind, Edition
from desk.legal_deadlines import seoul_date


class ClaimQuerySet(models.QuerySet["Claim"]):
    def with_details(self) -> Self:
        """With what lists and the desk API show. One query; the claimant's data come with it."""
        joined = ("article__live", "edition", "claimant", "recorded_by", "answered_by")
        heavy = (
            *("article__live__body", "article__live__body_html"),
            *("article__notice", "article__corrections", "edition__body", "edition__body_html"),
        )
        return self.select_related(*joined).defer(*heavy)

    def with_due_day(self) -> Self:
        """With `due_on`, the last day of the legal period that runs now; null without one."""
        return self.annotate(
            due_on=Case(
                When(state=Claim.State.RECEIVED, then=F("answer_by")),
                When(state=Claim.State.ACCEPTED, then=F("publish_by")),
                default=None,
                output_field=models.DateField(null=True),
            )
        )

    def running(self) -> Self:
        """Claims that wait for an answer or for publication."""
        return self.filter(state__in=RUNNING)

    def with_running_clocks(self, now: datetime) -> Self:
        """Claims whose clock runs or has run out, the most urgent first, with `due_on` and `is_late`."""
        late = models.ExpressionWrapper(
            Q(due_on__lt=seoul_date(now)), output_field=models.BooleanField()
        )
        return self.running().with_due_day().annotate(is_late=late).order_by("due_on", "pk")

    def due_by(self, day: date) -> Self:
        """Claims whose clock ends on this day or before."""
        return self.filter(
            Q(state=Claim.State.RECEIVED, answer_by__lte=day)
            | Q(state=Claim.State.ACCEPTED, publish_by__lte=day)
        )

    def late(self, now: datetime) -> Self:
        """Claims whose clock has run out."""
        return self.due_by(seoul_date(now) - timedelta(days=1))

    def with_expired_personal_data(self, before: datetime) -> Self:
        """Claims settled before this time that still have personal data."""
        return self.filter(settled_at__lt=before, personal_data_erased_at__isnull=True)


class Claim(models.Model):
    """A claim for correction, reply or follow-up against one article, with its statutory clocks.

    `answer_by`, `publish_by` and `admissible_until` are the last days of the periods
    (`desk.legal_deadlines`). Who claims is in `Claimant`; the name of a claim (`str`) tells nothing of it,
    since the audit log and notices copy it.
    """

    class Kind(models.TextChoices):
        """Values are those of `CorrectionKind`: the edition that fulfils a claim has the same kind."""

        CORRECTION = CorrectionKind.CORRECTION.value, _("claim for correction")
        REBUTTAL = CorrectionKind.REBUTTAL.value, _("claim for a reply")
        FOLLOW_UP = CorrectionKind.FOLLOW_UP.value, _("claim for a follow-up")

    class State(models.TextChoices):
        RECEIVED = "received", pgettext_lazy("claim", "received")
        ACCEPTED = "accepted", pgettext_lazy("claim", "accepted")
        REFUSED = "refused", pgettext_lazy("claim", "refused")
        PUBLISHED = "published", pgettext_lazy("claim", "published")
        WITHDRAWN = "withdrawn", pgettext_lazy("claim", "withdrawn by the claimant")
        ARBITRATION = "arbitration", pgettext_lazy("claim", "in arbitration")

    class RefusalReason(models.TextChoices):
        """Grounds of refusal: §15 ④ 1 to 5, and a claim made after its period (§14 ①, §16 ③, §17 ①)."""

        NO_INTEREST = "no_interest", _("no legitimate interest in a correction (§15 ④ 1)")
        UNTRUE = "untrue", _("the text asked for is evidently untrue (§15 ④ 2)")
        UNLAWFUL = "unlawful", _("the text asked for is evidently unlawful (§15 ④ 3)")
        COMMERCIAL = "commercial", _("for commercial advertising alone (§15 ④ 4)")
        PUBLIC_RECORD = (
            "public_record",
            _("a factual report of a public meeting or a public trial (§15 ④ 5)"),
        )
        TOO_LATE = "too_late", _("claimed after its period (§14 ①, §17 ①)")

    article = models.ForeignKey(
        Article, models.PROTECT, related_name="+", verbose_name=_("article")
    )
    kind = models.CharField(_("kind"), max_length=20, choices=Kind)
    state = models.CharField(_("state"), max_length=12, choices=State, default=State.RECEIVED)
    received_at = models.DateTimeField(pgettext_lazy("claim", "received at"))
    reported_on = models.DateField(_("day of the report"))
    known_on = models.DateField(
        _("day on which the claimant learned of it"),
    )
    passage = models.TextField(_("passage complained of"))
    reason = models.TextField(_("why it is claimed to be wrong"), blank=True)
    wanted_text = models.TextField(_("text asked for"), blank=True)
    wants_story_corrected = models.BooleanField(
        _("the online story itself is to be corrected too"), default=False
    )
    admissible_until = models.DateField(_("claim possible until"), editable=False)
    answer_by = models.DateField(_("answer by"), editable=False)
    publish_by = models.DateField(_("publish by"), editable=False)
    refusal_reason = models.CharField(
        _("ground of refusal"), max_length=20, blank=True, choices=RefusalReason
    )
    answer_note = models.TextField(_("answer, agreed content and placement"), blank=True)
    answered_at = models.DateTimeField(_("answered"), null=True, editable=False)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, editable=False, related_name="+"
    )
    edition = models.ForeignKey(
        Edition,
        models.PROTECT,
        null=True,
        editable=False,
        related_name="+",
        verbose_name=_("correction edition"),
    )
    settled_at = models.DateTimeField(pgettext_lazy("claim", "closed"), null=True, editable=False)
    # Reminders that were given, each "clock:stage:last day", so that none comes twice.
    reminders = models.JSONField(default=list, editable=False)
    personal_data_erased_at = models.DateTimeField(null=True, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, editable=False, related_name="+"
    )
    recorded_at = models.DateTimeField(auto_now_add=True)

    # Annotations of with_running_clocks().
    due_on: date | None
    is_late: bool

    objects = ClaimQuerySet.as_manager()

    class Meta:
        verbose_name = _("claim")
        verbose_name_plural = _("claims")
        ordering = ["-received_at", "-pk"]
        default_permissions = ("view", "add", "change")
        permissions = [("view_claimant", "Can see the personal data of claimants")]
        indexes = [
            models.Index(fields=["-received_at", "-id"], name="claims_newest_first"),
            models.Index(
                fields=["state", "answer_by"],
                condition=Q(state__in=("received", "accepted")),
                name="claims_with_running_clocks",
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(refusal_reason="")
                | Q(state__in=("refused", "arbitration", "withdrawn")),
                name="only_a_refused_claim_has_a_refusal_reason",
            ),
            models.CheckConstraint(
                condition=~Q(state="published") | Q(edition__isnull=False),
                name="a_published_claim_has_its_edition",
            ),
        ]

    def __str__(self) -> str:
        return _("%(kind)s no. %(number)s") % {
            "kind": self.get_kind_display(),
            "number": self.pk,
        }

    @property
    def is_admissible(self) -> bool:
        """Whether it was received within its period."""
        return seoul_date(self.received_at) <= self.admissible_until

    @property
    def due_day(self) -> date | None:
        """The last day of the legal period that runs now; None without one."""
        days = {self.State.RECEIVED: self.answer_by, self.State.ACCEPTED: self.publish_by}
        return days.get(self.State(self.state))

    def days_left(self, now: datetime) -> int | None:
        """Days until the last day of the legal period that runs now: 0 on that day, negative after it."""
        due_day = self.due_day
        return None if due_day is None else (due_day - seoul_date(now)).days


RUNNING = (Claim.State.RECEIVED, Claim.State.ACCEPTED)


class Claimant(models.Model):
    """Personal data of the person who makes a claim, apart from it and deleted before it
    (개인정보 보호법 §21; CLAIMANT_RETENTION_DAYS after the claim is closed)."""

    claim = models.OneToOneField(Claim, models.CASCADE, related_name="claimant")
    name = models.CharField(_("name of the claimant"), max_length=80)
    address = models.CharField(_("postal address"), max_length=200, blank=True)
    phone = models.CharField(_("phone of the claimant"), max_length=40, blank=True)
    email = models.EmailField(_("email address of the claimant"), blank=True)

    class Meta:
        verbose_name = _("claimant")
        verbose_name_plural = _("claimants")
        default_permissions = ()

    def __str__(self) -> str:
        return str(self.claim_id)  # never the name: it would be copied into the audit log
