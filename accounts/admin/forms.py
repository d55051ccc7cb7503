"""Forms of the admin of people."""

from typing import Any

from django import forms
from django.contrib.auth.models import Group
from django.contrib.auth.password_validation import validate_password
from django.utils.translation import gettext_lazy as _

from accounts.models import User

STAFF_ROLE_LABELS = {
    "reporter": _("reporter"),
    "editor": _("desk editor"),
    "chief": _("chief editor"),
    "moderator": _("comment moderator"),
}


class RoleField(forms.ModelMultipleChoiceField):  # type: ignore[type-arg]  # at run time
    """Choice of roles by their translated labels."""

    def label_from_instance(self, obj: Group) -> str:
        return str(STAFF_ROLE_LABELS.get(obj.name, obj.name))


def password_field() -> forms.CharField:
    """A validated password field."""
    return forms.CharField(
        label=_("password"),
        strip=False,
        validators=[validate_password],
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=_("At least eight characters, not a common word. They can change it themselves."),
    )


class AccountForm(forms.ModelForm):  # type: ignore[type-arg]  # generic for mypy alone
    """Form of an account: name, roles, active."""

    roles = RoleField(
        label=_("roles"),
        queryset=Group.objects.order_by("pk"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("A person with a role may enter the admin; without one they are a reader."),
    )

    class Meta:
        model = User
        fields = ("name", "is_active")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.initial["roles"] = list(self.instance.groups.all())


class NewStaffForm(AccountForm):
    """Form of a new staff account."""

    password = password_field()

    class Meta(AccountForm.Meta):
        fields = ("email", "name")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["roles"].required = self.fields["name"].required = True


class PasswordForm(forms.Form):
    """Form of a new password."""

    password = password_field()


class ConfirmForm(forms.Form):
    """A form without fields, for a page that asks for confirmation."""
