"""The site's address and the proxies in front of it, from the environment."""

from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured

from newsroom.conf.environment import env, read_int

PORT = env.int("PORT", default=8000)
SITE_URL = env.str("SITE_URL", default=f"http://127.0.0.1:{PORT}").rstrip("/")
SITE_PARTS = urlsplit(SITE_URL)
if SITE_PARTS.scheme not in {"http", "https"} or not SITE_PARTS.hostname:
    raise ImproperlyConfigured(f"SITE_URL must be an http(s) address, not {SITE_URL!r}.")
HTTPS = SITE_PARTS.scheme == "https"
# The number of our own proxies in front. With 0, forwarded headers are ignored.
TRUSTED_PROXIES = read_int("TRUSTED_PROXIES", default=0, minimum=0, maximum=100)
