"""Settings of HTTPS: redirect, HSTS (RFC 6797), secure cookies, and which deployment checks they answer."""

from typing import Any

from django.core.exceptions import ImproperlyConfigured

from newsroom.conf.environment import env, read_bool

YEAR_SECONDS = 31_536_000  # what browsers' preload list asks for at least (hstspreload.org)


def transport_security(*, https: bool, proxies: int) -> dict[str, Any]:
    """Django's settings for a site behind so many proxies of ours.

    Raises ImproperlyConfigured for a `preload` that no browser would take.
    """
    seconds = env.int("SECURE_HSTS_SECONDS", default=YEAR_SECONDS if https else 0)
    subdomains = read_bool("SECURE_HSTS_INCLUDE_SUBDOMAINS", default=https)
    preload = read_bool("SECURE_HSTS_PRELOAD", default=False)
    if preload and not (subdomains and seconds >= YEAR_SECONDS):
        raise ImproperlyConfigured(
            "SECURE_HSTS_PRELOAD=1 needs SECURE_HSTS_INCLUDE_SUBDOMAINS=1 and "
            f"SECURE_HSTS_SECONDS={YEAR_SECONDS} or more: browsers take no other site into their list."
        )
    return {
        "SECURE_SSL_REDIRECT": read_bool("SECURE_SSL_REDIRECT", default=https),
        # Probes ask over plain http, and a naive one takes a redirect for health.
        "SECURE_REDIRECT_EXEMPT": [r"^health/"],
        "SECURE_PROXY_SSL_HEADER": ("HTTP_X_FORWARDED_PROTO", "https") if proxies else None,
        "SECURE_HSTS_SECONDS": seconds,
        "SECURE_HSTS_INCLUDE_SUBDOMAINS": subdomains,
        "SECURE_HSTS_PRELOAD": preload,
        "SILENCED_SYSTEM_CHECKS": silenced_checks(),
    }


def silenced_checks() -> list[str]:
    """Checks of `check --deploy` that were answered here or by the operator."""
    # The check looks for Django's own class by name; ours is that class, off the path of public reads.
    silenced = ["security.W003", "auth.W004"]
    # `preload` off is a decision: it binds a whole domain, takes months to undo, and is the domain
    # owner's to give.
    silenced.append("security.W021")
    # Whoever has set the switch has decided; without it the check still warns where it is off.
    if env.str("SECURE_HSTS_INCLUDE_SUBDOMAINS", default=""):
        silenced.append("security.W005")
    return silenced
