"""Base classes of the Django admin: saving and buttons through actions, no second log, no bulk actions."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.widgets import RelatedFieldWidgetWrapper
from django.core.exceptions import PermissionDenied
from django.db.models import URLField
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.functional import Promise
from django.utils.html import format_html_join
from django.utils.http import url_has_allowed_host_and_scheme, urlencode
from django.utils.text import capfirst
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from newsroom.admin.row_ids import SelectedIdsMixin
from newsroom.errors import Refused

if TYPE_CHECKING:
    Admin = admin.ModelAdmin[Any]  # generic for mypy alone
else:
    Admin = admin.ModelAdmin

StrOrPromise = str | Promise


def always(_value: Any) -> bool:
    """A condition that is always true."""
    return True


class BaseAdmin(SelectedIdsMixin, Admin):
    """Base of all pages of this admin: lists without bulk actions, no log beside the audit log."""

    actions: Any = None
    list_per_page = 50
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER

    def lookup_allowed(self, lookup: str, value: Any, request: Any = None) -> bool:
        """Allow the offered filters only: free ones reveal a password's hash letter by letter."""
        filters = [entry[0] if isinstance(entry, tuple) else entry for entry in self.list_filter]
        if lookup in {getattr(entry, "parameter_name", None) for entry in filters}:
            return True  # a filter class, which reads its parameter itself
        column = lookup.partition("__")[0]
        allowed = column in filters or column == self.date_hierarchy
        return allowed and super().lookup_allowed(lookup, value, request)

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> Any:
        title = capfirst(str(self.opts.verbose_name_plural))
        return super().changelist_view(request, {"title": title, **(extra_context or {})})

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> Any:
        context |= {"show_save_and_add_another": False, "show_save_and_continue": False}
        if kwargs.get("obj") is not None:
            context |= {"title": self.object_title(kwargs["obj"]), "subtitle": None}
        return super().render_change_form(request, context, *args, **kwargs)

    def get_view_on_site_url(self, obj: Any = None) -> str | None:
        """The object's public URL, whatever the permissions for its admin page."""
        return obj.get_absolute_url() if hasattr(obj, "get_absolute_url") else None

    def object_title(self, obj: Any) -> str:
        """The title of an object's page."""
        return str(obj)

    def formfield_for_dbfield(self, db_field: Any, request: Any, **kwargs: Any) -> Any:
        """The form field, without the links to add, change and view a related object."""
        if isinstance(db_field, URLField):
            kwargs["assume_scheme"] = "https"
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if field and isinstance(field.widget, RelatedFieldWidgetWrapper):
            field.widget = field.widget.widget
        return field

    def history_view(self, request: HttpRequest, object_id: str, extra_context: Any = None) -> Any:
        """Redirect to the object's page: the audit log is in the menu, and for stories on their page."""
        return redirect(f"admin:{self.opts.app_label}_{self.opts.model_name}_change", object_id)

    def log_addition(self, request: HttpRequest, obj: Any, message: Any) -> None:  # type: ignore[override]
        """Our audit log has it already, in the transaction of the change."""

    log_change = log_addition  # type: ignore[assignment]

    def log_deletions(self, request: HttpRequest, queryset: Any) -> None:  # type: ignore[override]
        """Our audit log has it already, in the transaction of the change."""


class ReadOnlyAdmin(BaseAdmin):
    """Pages without forms. What can be done is done with buttons."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class ActionBackedAdmin(BaseAdmin):
    """Pages that save by calling an action. A refusal shows the form again with all input.

    `save_through_action(obj, form=, by=)` of a page calls the action and returns the saved row.
    """

    def save_through_action(self, obj: Any, *, form: Any, by: Any) -> Any:
        raise NotImplementedError  # no abstract method: Django's admins have a metaclass of their own

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        obj.pk = self.save_through_action(obj, form=form, by=request.user).pk

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """Nothing: the action has saved everything."""

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> Any:
        try:
            return super().changeform_view(request, object_id, form_url, extra_context)
        except Refused as refusal:  # its transaction is rolled back; the input is in the request
            request.refusal = refusal  # type: ignore[attr-defined]  # read in get_form
            for file in request.FILES.values():
                file.seek(0)  # type: ignore[union-attr]  # one file for each field
            return super().changeform_view(request, object_id, form_url, extra_context)

    def get_form(
        self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any
    ) -> Any:
        form = super().get_form(request, obj, change=change, **kwargs)
        refusal = getattr(request, "refusal", None)
        return form_with_refusal(form, refusal) if refusal else form


def form_with_refusal(form: Any, refusal: Refused) -> Any:
    """The form class with the refusal among its errors, whatever the input."""

    class RefusedForm(form):  # type: ignore[misc]  # a class of a class made at run time
        refusal: ClassVar[Refused]

        def clean(self) -> Any:
            cleaned = super().clean()
            field = getattr(self.refusal, "field", None)  # a refusal may name its field
            self.add_error(field if field in self.fields else None, str(self.refusal))
            return cleaned

    RefusedForm.refusal = refusal
    return RefusedForm


@dataclass(frozen=True)
class Button:
    """A button on an object's page, which POSTs, calls `action(obj, by=user, **form.cleaned_data)`, and
    shows its success message, which may be a function of what the action returned, or the refusal.
    `is_allowed` checks the user, `is_available` the object; `form` is shown on a page of its own.
    It passes the `version` (`ButtonAdmin.version_field`) of the object that the user has seen.
    """

    verb: str
    label: StrOrPromise
    action: Callable[..., Any]
    success_message: StrOrPromise | Callable[[Any], str]
    is_allowed: Callable[[Any], bool]
    is_available: Callable[[Any], bool] = always
    form: type[forms.Form] | None = None
    help_text: StrOrPromise = ""
    tone: str = ""
    shown_in_list: bool = False


class ButtonAdmin(BaseAdmin):
    """Pages with buttons above the form."""

    buttons: ClassVar[Sequence[Button]] = ()
    version_field = version_argument = "version"  # of the object, and of the actions
    change_form_template = "newsroom/with_buttons.html"

    def get_urls(self) -> list[URLPattern]:
        press = self.admin_site.admin_view(self.press_button)
        name = f"{self.opts.app_label}_{self.opts.model_name}_press"
        return [path("<int:pk>/press/<slug:verb>/", press, name=name), *super().get_urls()]

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> Any:
        obj = kwargs.get("obj")
        context["buttons"] = [
            (button, self.button_url(button, obj))
            for button in (self.buttons if obj else ())
            if button.is_allowed(request.user) and button.is_available(obj)
        ]
        return super().render_change_form(request, context, *args, **kwargs)

    def get_list_display(self, request: HttpRequest) -> Any:
        """The columns, and a column with the buttons that are shown in the list."""
        listed = [b for b in self.buttons if b.shown_in_list and b.is_allowed(request.user)]
        if not listed:
            return super().get_list_display(request)

        @admin.display(description=_("what to do"))
        def list_buttons(obj: Any) -> str:
            next_url = urlencode({"next": request.get_full_path()})
            available = [b for b in listed if b.is_available(obj)]
            return format_html_join(
                " ",
                '<button type="submit" class="press {}" formaction="{}">{}</button>',
                ((b.tone, f"{self.button_url(b, obj)}&{next_url}", b.label) for b in available),
            )

        return [*super().get_list_display(request), list_buttons]

    def button_url(self, button: Button, obj: Any) -> str:
        name = f"admin:{self.opts.app_label}_{self.opts.model_name}_press"
        return f"{reverse(name, args=[obj.pk, button.verb])}?version={getattr(obj, self.version_field, '')}"

    def press_button(self, request: HttpRequest, pk: int, verb: str) -> HttpResponse:
        """View of a button: show its form if it has one, call the action, show the result."""
        obj = self.get_object(request, str(pk))
        button = next((b for b in self.buttons if b.verb == verb), None)
        if obj is None or button is None:
            raise Http404
        if not (button.is_allowed(request.user) and self.has_view_permission(request, obj)):
            raise PermissionDenied
        if not button.is_available(obj):
            messages.error(request, _now("This cannot be done any more: it has changed meanwhile."))
            return redirect(self.return_url(request, obj))
        form = self.button_form(request, button, obj)
        if request.method == "POST" and (form is None or form.is_valid()):
            arguments = (form.cleaned_data if form else {}) | self.seen_version(request, obj)
            try:
                outcome = button.action(obj, by=request.user, **arguments)
            except Refused as refusal:
                if form is None:
                    messages.error(request, str(refusal))
                else:
                    form.add_error(None, str(refusal))
            else:
                say = button.success_message
                messages.success(request, say(outcome) if callable(say) else str(say))
                return redirect(self.return_url(request, obj))
        if form is None:
            if request.method != "POST":
                return HttpResponseNotAllowed(["POST"])
            return redirect(self.return_url(request, obj))
        return self.render_button_form(request, button, obj, form)

    def seen_version(self, request: HttpRequest, obj: Any) -> dict[str, int]:
        """The version that the user has seen, as an argument for the action; none without versions."""
        version = request.GET.get("version", "")
        if not hasattr(obj, self.version_field) or not version.isdecimal() or len(version) > 9:
            return {}
        return {self.version_argument: int(version)}

    def button_form(self, request: HttpRequest, button: Button, obj: Any) -> forms.Form | None:
        return button.form(request.POST or None) if button.form else None

    def render_button_form(
        self, request: HttpRequest, button: Button, obj: Any, form: forms.Form
    ) -> TemplateResponse:
        """The page with a button's form."""
        context = {
            **self.admin_site.each_context(request),
            "title": button.label,
            "subtitle": self.object_title(obj),
            "opts": self.opts,
            "original": obj,
            "button": button,
            "form": form,
            "next": request.POST.get("next") or request.GET.get("next", ""),
            "media": self.media + form.media,
        }
        return TemplateResponse(request, "newsroom/ask.html", context)

    def return_url(self, request: HttpRequest, obj: Any) -> str:
        """The page where the button was pressed, if it is on this site; else the object's page."""
        next_url = request.POST.get("next") or request.GET.get("next", "")
        hosts = {request.get_host()}
        if next_url and url_has_allowed_host_and_scheme(next_url, allowed_hosts=hosts):
            return next_url
        name = f"admin:{self.opts.app_label}_{self.opts.model_name}_change"
        return reverse(name, args=[obj.pk])


def format_count(number: int | None) -> str:
    """A count for a list, with a thousands separator; "none" for zero."""
    return f"{number:,}" if number else _now("none")
