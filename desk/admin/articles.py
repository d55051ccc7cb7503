"""Admin of articles: what readers see, with buttons to withdraw, restore and set a legal hold."""

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from articles.models import Appearance, Article, Section
from comments.admin.thread_policy import THREAD_POLICY_BUTTON, ThreadPolicyForm
from desk.actions import end_legal_hold, put_on_legal_hold, restore, withdraw
from desk.actions.legal.erasing import erase_article
from desk.admin.bulk_changes import BULK_ACTIONS, BulkChangesMixin
from desk.models import Erasure
from desk.permissions import may_erase, may_read, may_restore, may_withdraw
from desk.section_rights import visible_articles, visible_drafts
from newsroom.admin.base import Button, ButtonAdmin, ReadOnlyAdmin
from newsroom.db.expressions import CurrentTime
from newsroom.text.dates import format_short_time


class WithdrawalNoticeForm(forms.Form):
    """Asks for the notice that replaces a withdrawn article."""

    notice = forms.CharField(
        label=_("Notice for readers"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 4, "cols": 60}),
        help_text=_(
            "It replaces the article at its address. State the reason, and apologise if appropriate."
        ),
    )


class LegalHoldForm(forms.Form):
    """Asks for the reason of a legal hold, which is stored in the audit log only."""

    reason = forms.CharField(label=_("Reason"), max_length=300)


class ErasureForm(forms.Form):
    """Asks for the reason of a legal erasure, and for the address of the article to confirm it."""

    reference = forms.CharField(
        label=_("reference number of the order"),
        max_length=120,
        help_text=_("Of the court, the commission or the office, or the article of the law."),
    )
    reason = forms.CharField(label=_("Reason"), max_length=300)
    comments = forms.BooleanField(label=_("Empty the comments of readers too"), required=False)
    slug = forms.CharField(label=_("Type the address of the article to confirm"), max_length=120)


class VisibilityFilter(admin.SimpleListFilter):
    """Filter by what readers see: live, ended, withdrawn, never published."""

    title = _("visibility")
    parameter_name = "shown"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [
            ("live", _("live")),
            ("ended", _("expired")),
            ("withdrawn", _("withdrawn")),
            ("never", _("never published")),
        ]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        ended = Q(expires_at__lte=CurrentTime(), first_published_at__isnull=False)
        conditions = {
            "live": Q(live__isnull=False) & ~ended,
            "ended": ended & Q(withdrawn_at__isnull=True),
            "withdrawn": Q(withdrawn_at__isnull=False),
            "never": Q(first_published_at__isnull=True),
        }
        return queryset.filter(conditions.get(self.value() or "", Q()))


class SectionFilter(admin.SimpleListFilter):
    """Filter by section."""

    title = _("section")
    parameter_name = "section"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [(section.slug, section.name) for section in Section.objects.all()]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        return queryset.filter(section__slug=self.value()) if self.value() else queryset


# Hidden from users who may not read drafts (moderators).
STAFF_ONLY_FIELDS = ("story", "embargo_until", "expires_at", "held_at")


@admin.register(Article)
class ArticleAdmin(BulkChangesMixin, ButtonAdmin, ReadOnlyAdmin):
    """Articles by their newest publication; read-only but for the buttons."""

    list_display = ("headline", "chip", "section_name", "published", "comment_count", "save_count")
    list_filter = (VisibilityFilter, SectionFilter)
    search_fields = ("live__headline", "slug")
    ordering = ("-first_published_at", "-pk")
    actions = BULK_ACTIONS
    fields = (
        "headline",
        "chip",
        "url_link",
        "story",
        "section_name",
        "first_published_at",
        "published_at",
        "embargo_until",
        "expires_at",
        "withdrawn_at",
        "notice",
        "held_at",
        "comment_count",
        "save_count",
    )
    buttons = (
        Button(
            "withdraw",
            _("Withdraw the article"),
            action=withdraw,
            success_message=_("Withdrawn. Readers see the notice."),
            is_allowed=may_withdraw,
            is_available=lambda article: article.first_published_at and not article.withdrawn_at,
            form=WithdrawalNoticeForm,
            help_text=_(
                "The article is removed from all pages and lists within seconds, and its scheduled releases"
                " are cancelled. It can be restored; then it must be published again."
            ),
            tone="danger",
        ),
        Button(
            "restore",
            _("Restore"),
            action=restore,
            success_message=_("Restored. Readers see it again once it is published."),
            is_allowed=may_restore,
            is_available=lambda article: article.withdrawn_at and not article.is_erased,
        ),
        Button(
            "put_on_hold",
            _("Legal hold"),
            action=put_on_legal_hold,
            success_message=_(
                "On legal hold. It stays readable at its address and is not recommended anywhere."
            ),
            is_allowed=may_withdraw,
            is_available=lambda article: (
                article.first_published_at and not article.held_at and not article.is_erased
            ),
            form=LegalHoldForm,
            help_text=_(
                "Readers can still open the article. It is removed from the most-read list and from related"
                " articles at once. The reason is stored in the audit log only."
            ),
        ),
        Button(
            "end_hold",
            _("End the legal hold"),
            action=end_legal_hold,
            success_message=_("The legal hold is over."),
            is_allowed=may_withdraw,
            is_available=lambda article: article.held_at is not None,
        ),
        Button(
            "erase",
            _("Erase by law"),
            action=erase_article,
            success_message=_("Erased. Its address answers with a neutral notice."),
            is_allowed=may_erase,
            is_available=lambda article: article.first_published_at and not article.is_erased,
            form=ErasureForm,
            help_text=_(
                "Text, photos and poll are removed for good from all editions, the story, search, lists and"
                " the archive. It cannot be undone. Only by law or by order of a court; to take an article"
                " away from readers, withdraw it instead."
            ),
            tone="danger",
        ),
        THREAD_POLICY_BUTTON,
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """All articles; for users who may not read drafts only those that were published, with the headline
        that readers saw last."""
        draft = visible_drafts(request.user).filter(article=OuterRef("pk"))
        articles = (
            Article.objects.select_related("live", "section", "counts")
            .defer("live__body", "live__body_html")
            .annotate(is_erased=Exists(Erasure.objects.filter(article=OuterRef("pk"))))
            .order_by(*self.ordering)
        )
        last = Appearance.objects.last_headline(OuterRef("pk"))
        if not may_read(request.user):
            published = articles.filter(first_published_at__isnull=False)
            return published.annotate(other_headline=last)
        visible: QuerySet[Any] = visible_articles(request.user, articles).annotate(
            draft_pk=Subquery(draft.values("pk")[:1]),
            other_headline=Coalesce(Subquery(draft.values("headline")[:1]), last),
        )
        return visible

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """Without STAFF_ONLY_FIELDS for users who may not read drafts."""
        hidden = () if may_read(request.user) else STAFF_ONLY_FIELDS
        return [name for name in self.fields if name not in hidden]

    def button_form(self, request: HttpRequest, button: Button, obj: Any) -> forms.Form | None:
        """The form of a button; that of an erasure shows the address to be typed, that of the comments
        their rules."""
        if button is THREAD_POLICY_BUTTON:
            return ThreadPolicyForm.of_article(obj, request.POST or None)
        form = super().button_form(request, button, obj)
        if form is not None and button.verb == "erase":
            form.fields["slug"].help_text = obj.slug
        return form

    def object_title(self, article: Article) -> str:
        return str(self.headline(article))

    @admin.display(description=_("headline"), ordering="live__headline")
    def headline(self, article: Any) -> str:
        return str(
            article.live.headline if article.live else article.other_headline or article.slug
        )

    @admin.display(description=_("state"))
    def chip(self, article: Any) -> str:
        if article.is_erased:
            return format_html('<span class="chip gone">{}</span>', _("erased by law"))
        if article.withdrawn_at:
            return format_html('<span class="chip gone">{}</span>', _("withdrawn"))
        if not article.first_published_at:
            return format_html('<span class="chip calm">{}</span>', _("never published"))
        if article.expires_at and article.expires_at <= timezone.now():
            label = _("expired at %(at)s") % {"at": format_short_time(article.expires_at)}
            return format_html('<span class="chip gone">{}</span>', label)
        if article.live:
            label = _("live · edition %(number)d") % {"number": article.live.number}
            return format_html('<span class="chip live">{}</span>', label)
        return format_html('<span class="chip gone">{}</span>', _("not shown"))

    @admin.display(description=_("section"), ordering="section__position")
    def section_name(self, article: Article) -> str:
        return article.section.name if article.section else "–"

    @admin.display(description=_("first published"), ordering="first_published_at")
    def published(self, article: Article) -> str:
        return format_short_time(article.first_published_at) if article.first_published_at else "–"

    @admin.display(description=_("comments"))
    def comment_count(self, article: Article) -> int:
        return article.counts.comments

    @admin.display(description=_("saves"))
    def save_count(self, article: Article) -> int:
        return article.counts.saves

    @admin.display(description=_("address"))
    def url_link(self, article: Article) -> str:
        path = article.get_absolute_url()
        return format_html('<a href="{}" target="_blank" rel="noopener">{}</a>', path, path)

    @admin.display(description=_("story"))
    def story(self, article: Any) -> str:
        if article.draft_pk is None:
            return "–"
        url = reverse("admin:desk_draft_change", args=[article.draft_pk])
        return format_html('<a href="{}">{}</a>', url, article.other_headline)
