"""allauth's headless addresses, with our views in place of theirs where we have one."""

from collections.abc import Iterable, Iterator
from typing import Any

from allauth.headless import urls as headless
from allauth.headless.account import views as account
from allauth.headless.mfa import views as mfa
from django.urls import URLPattern, URLResolver

from accounts.authentication import views_headless as views

VIEW_OVERRIDES: dict[Any, Any] = {
    account.SignupView: views.SignUp,
    account.RequestPasswordResetView: views.RequestPasswordReset,
    account.ManageEmailView: views.EmailAddresses,
    mfa.AuthenticateView: views.Authenticate,
    mfa.LoginWebAuthnView: views.PasskeyLogin,
    mfa.ReauthenticateView: views.Reauthenticate,
}


def with_overrides(
    patterns: Iterable[URLPattern | URLResolver],
) -> Iterator[URLPattern | URLResolver]:
    """The same addresses under the same names."""
    for entry in patterns:
        if isinstance(entry, URLResolver):
            inner: Any = [*with_overrides(entry.url_patterns)]
            kwargs, names = entry.default_kwargs, (entry.app_name, entry.namespace)
            yield URLResolver(entry.pattern, inner, kwargs, *names)
            continue
        theirs: Any = entry.callback
        view = VIEW_OVERRIDES.get(theirs.view_class)
        callback = view.as_api_view(**theirs.view_initkwargs) if view else theirs
        yield URLPattern(entry.pattern, callback, entry.default_args, entry.name)


urlpatterns = [*with_overrides(headless.urlpatterns)]
