"""The newsroom's admin site: who may sign in, what stands in the menu, and the front page of the day."""

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
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.views.i18n import JavaScriptCatalog

from accounts.authentication.forms import OwnPasswordForm
from accounts.authentication.second_factor import lacks_required_second_factor
from accounts.authentication.views_staff import Login
from accounts.models import User
from articles.models import Article
from desk.admin.dashboard import dashboard_of
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
MENU: list[tuple[str, Any, tuple[str, ...]]] = [
    (
        "work",
        _("Desk"),
        ("desk.Draft", "desk.Release", "desk.Bundle", "wire.Story", "media.Photo", "desk.Notice"),
    ),
    ("readers", _("What readers see"), ("articles.Article", "comments.Comment", "polls.Poll")),
    (
        "furniture",
        _("The site"),
        ("articles.Section", "articles.Author", "articles.Tag", "articles.Masthead"),
    ),
    ("wire", _("Wire intake"), ("wire.Delivery", "wire.Source")),
    (
        "house",
        _("People and records"),
        ("accounts.User", "accounts.Token", "audit.Entry", "outbox.Event"),
    ),
]
# Fields of the story page.
AUTOCOMPLETE_FIELDS = ("authors", "related")


# What somebody can open who has yet to set up a second factor that is required.
SECOND_FACTOR_EXEMPT_URL_NAMES = {"logout", "jsi18n", "password_change", "password_change_done"}


class StoryAutocompleteView(AutocompleteJsonView):
    """Things found by typing; articles by the headline readers see, not by their address."""

    def process_request(self, request: HttpRequest) -> Any:
        """For who may fill in the story page, and for its fields alone: no other relation is a way in."""
        asked: Any = super().process_request(request)
        offered = [Draft._meta.get_field(name) for name in AUTOCOMPLETE_FIELDS]
        if asked[2] not in offered or not may_write(request.user):  # type: ignore[arg-type]  # staff by now
            raise PermissionDenied
        return asked

    def get_queryset(self) -> Any:
        found = super().get_queryset()
        return found.select_related("live") if found.model is Article else found

    def serialize_result(self, obj: Any, to_field_name: str) -> dict[str, str]:
        if isinstance(obj, Article) and obj.live:
            return {"id": str(obj.pk), "text": obj.live.headline}
        return super().serialize_result(obj, to_field_name)


class Newsroom(AdminSite):
    site_header = _("Newsroom")
    site_title = _("Newsroom")
    index_title = _("Today")
    site_url = "/"
    index_template = "desk/today.html"
    empty_value_display = "–"

    def register(self, model_or_iterable: Any, admin_class: Any = None, **options: Any) -> None:
        """Our own rooms' pages. What libraries bring along is no work for a newsroom."""
        models = (
            model_or_iterable
            if isinstance(model_or_iterable, list | tuple)
            else [model_or_iterable]
        )
        ours = [model for model in models if model._meta.app_label in REGISTERED_APP_LABELS]
        if ours:
            super().register(ours, admin_class, **options)

    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:
        return Login.as_view()(request)

    def admin_view(self, view: Any, cacheable: bool = False) -> Any:
        """For staff alone, and where a second factor is required, for those who have one."""

        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
            match = request.resolver_match
            free = match is not None and match.url_name in SECOND_FACTOR_EXEMPT_URL_NAMES
            if (
                not free
                and isinstance(request.user, User)
                and lacks_required_second_factor(request.user)
            ):
                messages.warning(
                    request, _now("Set up two-step sign-in first: it is required here.")
                )
                return redirect("mfa_index")
            return view(request, *args, **kwargs)

        return super().admin_view(guarded, cacheable)

    def password_change(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> Any:
        request.current_app = self.name  # as Django's own does
        return PasswordChangeView.as_view(
            form_class=OwnPasswordForm,
            success_url=resolve_url("admin:password_change_done"),
            extra_context={**self.each_context(request), **(extra_context or {})},
        )(request)

    def get_app_list(self, request: HttpRequest, app_label: str | None = None) -> list[Any]:
        """The menu: grouped by what people do, not by where the code lives."""
        apps = super().get_app_list(request, app_label)
        if app_label:
            return apps
        found = {f"{app['app_label']}.{m['object_name']}": m for app in apps for m in app["models"]}
        groups = [
            {
                "name": name,
                "app_label": label,
                "app_url": "",
                "has_module_perms": True,
                "models": [found.pop(key) for key in keys if key in found],
            }
            for label, name, keys in MENU
        ]
        groups[-1]["models"] += found.values()  # a page that nobody has placed yet
        return [group for group in groups if group["models"]]

    def index(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> TemplateResponse:
        return super().index(request, (extra_context or {}) | {"day": dashboard_of(request.user)})

    def get_urls(self) -> list[Any]:
        """Without Django's redirect to the address of any thing by its number: it asks for no right, and
        the address of a story that waits says what it is about."""
        return [each for each in super().get_urls() if getattr(each, "name", "") != "view_on_site"]

    def autocomplete_view(self, request: HttpRequest) -> Any:
        return StoryAutocompleteView.as_view(admin_site=self)(request)

    def i18n_javascript(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> Any:
        """The words of the scripts; ours and, through desk/locale, the editor's in Korean."""
        return JavaScriptCatalog.as_view(packages=["django.contrib.admin", "desk"])(request)
