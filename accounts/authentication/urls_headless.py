"""URLs of allauth's headless API, with our views in place of some of allauth's."""

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
    """The same URL patterns under the same names, with the views of VIEW_OVERRIDES."""
    for entry in patterns:
        if isinstance(entry, URLResolver):
            inner: Any = [*with_overrides(entry.url_patterns)]
            kwargs, names = entry.default_kwargs, (entry.app_name, entry.namespace)
            yield URLResolver(entry.pattern, inner, kwargs, *names)
            continue
        original: Any = entry.callback
        view = VIEW_OVERRIDES.get(original.view_class)
        callback = view.as_api_view(**original.view_initkwargs) if view else original
        yield URLPattern(entry.pattern, callback, entry.default_args, entry.name)


urlpatterns = [*with_overrides(headless.urlpatterns)]
