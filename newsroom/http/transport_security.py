"""Django settings for HTTPS: redirect, HSTS (RFC 6797), and the deployment checks that are silenced."""

from typing import Any

from django.core.exceptions import ImproperlyConfigured

from newsroom.conf.environment import env, read_bool

YEAR_SECONDS = 31_536_000  # what browsers' preload list asks for at least (hstspreload.org)


def transport_security(*, https: bool, proxies: int) -> dict[str, Any]:
    """Django settings for a site behind so many trusted proxies, from environment variables.

    Raises ImproperlyConfigured for an HSTS `preload` that browsers would not accept.
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
        # Probes use plain http, and some take a redirect for success.
        "SECURE_REDIRECT_EXEMPT": [r"^health/"],
        "SECURE_PROXY_SSL_HEADER": ("HTTP_X_FORWARDED_PROTO", "https") if proxies else None,
        "SECURE_HSTS_SECONDS": seconds,
        "SECURE_HSTS_INCLUDE_SUBDOMAINS": subdomains,
        "SECURE_HSTS_PRELOAD": preload,
        "SILENCED_SYSTEM_CHECKS": silenced_checks(),
    }


def silenced_checks() -> list[str]:
    """Ids of `check --deploy` checks that this project or the operator has decided."""
    # These look for Django's middleware classes by name; ours are subclasses that skip public reads.
    silenced = ["security.W003", "auth.W004"]
    # `preload` off is a decision: it binds a whole domain, takes months to undo, and is the domain
    # owner's to give.
    silenced.append("security.W021")
    # Set explicitly means decided; unset, the check still warns where it is off.
    if env.str("SECURE_HSTS_INCLUDE_SUBDOMAINS", default=""):
        silenced.append("security.W005")
    return silenced
