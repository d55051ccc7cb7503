"""Admin site of the newsroom: registered apps, menu, second factor, autocomplete, desk home, calendar."""

from functools import wraps
from typing import Any

from django.contrib import messages
from django.contrib.admin import AdminSite
from django.contrib.admin.views.autocomplete import AutocompleteJsonView
from django.contrib.auth.views import PasswordChangeView
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.shortcuts import redirect, resolve_url
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.views.i18n import JavaScriptCatalog

from accounts.authentication.forms import OwnPasswordForm
from accounts.authentication.second_factor import lacks_required_second_factor
from accounts.authentication.views_staff import Login
from accounts.models import User
from articles.models import Article
from comments.actions import release_leases_of
from comments.permissions import may_moderate_comments
from desk.admin.calendar.views import calendar_urls, may_see_calendar
from desk.admin.home import desk_home_of
from desk.admin.home.surges import surge_urls
from desk.admin.moderation.views import moderation_menu_entry, moderation_urls
from desk.admin.moderation_statistics import statistics_menu_entry, statistics_urls
from desk.models import Draft
from desk.permissions import may_write

REGISTERED_APP_LABELS = {
    "accounts",
    "articles",
    "comments",
    "desk",
    "outbox",
    "audit",
    "media",
    "polls",
    "wire",
}
MENU_GROUPS: list[tuple[str, Any, tuple[str, ...]]] = [
    (
        "work",
        _("Desk"),
        ("desk.Draft", "desk.Release", "desk.Bundle", "wire.Story", "media.Photo", "desk.Notice"),
    ),
    (
        "readers",
        _("What readers see"),
        (
            *("articles.Article", "desk.Claim", "comments.Comment", "comments.Appeal"),
            *("comments.BlockRequest", "comments.DecisionReason", "comments.WordList"),
            *("comments.WordListTrial", "polls.Poll"),
        ),
    ),
    (
        "furniture",
        _("The site"),
        ("articles.Section", "articles.Author", "articles.Tag", "articles.Masthead"),
    ),
    (
        "wire",
        _("Wire intake"),
        ("wire.Delivery", "wire.Source", "wire.Channel", "wire.StoryPhoto"),
    ),
    (
        "house",
        _("People and records"),
        (
            *("accounts.User", "accounts.NicknameChange", "desk.SectionRole", "accounts.Token"),
            *("audit.Entry", "outbox.Event"),
        ),
    ),
]
# Relations of the story form that the autocomplete view may search.
AUTOCOMPLETE_FIELDS = ("authors", "related")


# Pages open to users who still have to set up the second factor that is required of them.
SECOND_FACTOR_EXEMPT_URL_NAMES = {"logout", "jsi18n", "password_change", "password_change_done"}


def calendar_menu_entry() -> dict[str, Any]:
    """The calendar as an entry of the menu, in the shape of a model's."""
    return {
        "name": _("Calendar"),
        "object_name": "Calendar",
        "admin_url": reverse("admin:calendar"),
        "add_url": None,
        "view_only": True,
        "perms": {"view": True},
    }


class StoryAutocompleteView(AutocompleteJsonView):
    """Autocomplete of the story form; articles are shown by their live headline."""

    def process_request(self, request: HttpRequest) -> Any:
        """Only for users who may write, and only for the story form's own relations: 403 for any other."""
        parsed: Any = super().process_request(request)
        _term, _model_admin, source_field, _to_field = parsed
        allowed = [Draft._meta.get_field(name) for name in AUTOCOMPLETE_FIELDS]
        if source_field not in allowed or not may_write(request.user):  # type: ignore[arg-type]  # staff by now
            raise PermissionDenied
        return parsed

    def get_queryset(self) -> Any:
        rows = super().get_queryset()
        return rows.select_related("live") if rows.model is Article else rows

    def serialize_result(self, obj: Any, to_field_name: str) -> dict[str, str]:
        if isinstance(obj, Article) and obj.live:
            return {"id": str(obj.pk), "text": obj.live.headline}
        return super().serialize_result(obj, to_field_name)


class NewsroomAdminSite(AdminSite):
    """The admin site of the newsroom, with the desk home as its index page."""

    site_header = _("Newsroom")
    site_title = _("Newsroom")
    index_title = _("Today")
    site_url = "/"
    index_template = "desk/dashboard.html"
    empty_value_display = "–"

    def register(self, model_or_iterable: Any, admin_class: Any = None, **options: Any) -> None:
        """Register the models of our own apps only; those of libraries are left out."""
        models = (
            model_or_iterable
            if isinstance(model_or_iterable, list | tuple)
            else [model_or_iterable]
        )
        own = [model for model in models if model._meta.app_label in REGISTERED_APP_LABELS]
        if own:
            super().register(own, admin_class, **options)

    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:
        return Login.as_view()(request)

    def admin_view(self, view: Any, cacheable: bool = False) -> Any:
        """Staff only; a user who lacks a required second factor is sent to its set-up page."""

        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
            match = request.resolver_match
            is_exempt = match is not None and match.url_name in SECOND_FACTOR_EXEMPT_URL_NAMES
            if (
                not is_exempt
                and isinstance(request.user, User)
                and lacks_required_second_factor(request.user)
            ):
                messages.warning(
                    request, _now("Set up two-step sign-in first: it is required here.")
                )
                return redirect("mfa_index")
            return view(request, *args, **kwargs)

        return super().admin_view(guarded, cacheable)

    def logout(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> TemplateResponse:
        """Sign out, and give the leases in the moderation queue back."""
        if request.method == "POST" and isinstance(request.user, User):
            release_leases_of(request.user)
        return super().logout(request, extra_context)

    def password_change(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> Any:
        request.current_app = self.name  # as AdminSite does
        return PasswordChangeView.as_view(
            form_class=OwnPasswordForm,
            success_url=resolve_url("admin:password_change_done"),
            extra_context={**self.each_context(request), **(extra_context or {})},
        )(request)

    def get_app_list(self, request: HttpRequest, app_label: str | None = None) -> list[Any]:
        """The menu, grouped by task (`MENU_GROUPS`) instead of by app."""
        apps = super().get_app_list(request, app_label)
        if app_label:
            return apps
        models = {
            f"{app['app_label']}.{m['object_name']}": m for app in apps for m in app["models"]
        }
        groups = [
            {
                "name": name,
                "app_label": label,
                "app_url": "",
                "has_module_perms": True,
                "models": [models.pop(key) for key in keys if key in models],
            }
            for label, name, keys in MENU_GROUPS
        ]
        groups[-1]["models"] += models.values()  # models that no group lists
        if may_see_calendar(request.user):
            groups[0]["models"].insert(0, calendar_menu_entry())
        if may_moderate_comments(request.user):  # type: ignore[arg-type]  # staff by now
            groups[1]["models"].insert(0, moderation_menu_entry())
            groups[1]["models"].append(statistics_menu_entry())
        return [group for group in groups if group["models"]]

    def index(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> TemplateResponse:
        return super().index(request, (extra_context or {}) | {"home": desk_home_of(request.user)})

    def get_urls(self) -> list[Any]:
        """Without Django's view-on-site redirect: it checks no permission, and the slug of an unpublished
        story tells its subject."""
        urls = [url for url in super().get_urls() if getattr(url, "name", "") != "view_on_site"]
        own_urls = [*calendar_urls(self), *moderation_urls(self), *statistics_urls(self)]
        own_urls += surge_urls(self)
        return [*own_urls, *urls]

    def autocomplete_view(self, request: HttpRequest) -> Any:
        return StoryAutocompleteView.as_view(admin_site=self)(request)

    def i18n_javascript(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> Any:
        """Translations for the scripts of the admin, of the desk and of the rich-text editor."""
        return JavaScriptCatalog.as_view(packages=["django.contrib.admin", "desk"])(request)
