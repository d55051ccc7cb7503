"""System checks for deployment (`manage.py check --deploy`): settings that open a site to strangers."""

import math
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any
from urllib.parse import unquote, urlsplit

from django.conf import settings
from django.core import checks
from django.db import DatabaseError
from django.utils.translation import gettext as _

from newsroom.backup.manifest import applied_migrations, is_retired
from newsroom.conf.environment import (
    PROJECT_ROOT,
    deprecated_names_in_use,
    env,
    has_own_secret,
)
from newsroom.http.cache_control import NEXT_CHANGE_PROVIDERS
from newsroom.http.canonical_urls import is_loopback_name
from newsroom.startup import OLD_DATABASE_SENTENCES
from newsroom.visibility import VISIBILITY_CONDITIONS, VISIBILITY_KINDS

MAX_TRUSTED_PROXIES = (
    5  # a CDN, a load balancer, an ingress, a cache; more is a mistake in counting
)
PURPOSE_SECRETS = ("VOTE_SECRET", "SANCTION_SECRET")
MIN_SECRET_KEY_CHARACTERS = 50
MIN_SECRET_KEY_BITS = 128.0
MIN_PASSWORD_CHARACTERS = 12
# Published examples: no value in them is a secret.
EXAMPLE_FILES = (
    ".env.example",
    "deploy/newsroom.env.example",
    "deploy/kubernetes/20-secret.example.yaml",
)
PLACEHOLDER_PATTERN = re.compile(
    r"(?i)django-insecure|change[-_ ]?me|password|secret[-_ ]?key|example|for tests|newsroom[-_ ]?demo"
)
CONSOLE_BACKENDS = ("console", "dummy", "locmem", "filebased")
MIN_NETWORK_PREFIX_BITS = 8  # a shorter prefix is nearly every address


@checks.register(checks.Tags.security, deploy=True)
def check_allowed_hosts(app_configs: Any, **more: Any) -> Sequence[checks.CheckMessage]:
    """newsroom.E001: any Host header is accepted, so clients choose the addresses in mails and caches."""
    if not any(host.strip() in {"*", "."} for host in settings.ALLOWED_HOSTS):
        return []
    sentence = _("ALLOWED_HOSTS accepts every host name. Name the site's own: ALLOWED_HOSTS={host}")
    return [checks.Error(sentence.format(host=settings.SITE_PARTS.hostname), id="newsroom.E001")]


@checks.register(checks.Tags.security, deploy=True)
def check_trusted_proxies(app_configs: Any, **more: Any) -> Sequence[checks.CheckMessage]:
    """newsroom.E002: so many trusted proxies that clients choose their own address."""
    if settings.TRUSTED_PROXIES <= MAX_TRUSTED_PROXIES:
        return []
    sentence = _(
        "TRUSTED_PROXIES={number} believes what strangers write into X-Forwarded-For. Count the proxies "
        "of your own in front; 0 believes nobody."
    )
    return [checks.Error(sentence.format(number=settings.TRUSTED_PROXIES), id="newsroom.E002")]


@checks.register(checks.Tags.security, deploy=True)
def check_networks(app_configs: Any, **more: Any) -> Sequence[checks.CheckMessage]:
    """newsroom.E003: a list of trusted networks that contains nearly every address."""
    sentence = _("{name} trusts {network}, which is nearly everybody. Name your own networks.")
    return [
        checks.Error(sentence.format(name=name, network=str(network)), id="newsroom.E003")
        for name in ("METRICS_NETWORKS", "OUTBOX_PRIVATE_NETWORKS")
        for network in getattr(settings, name)
        if network.prefixlen < MIN_NETWORK_PREFIX_BITS
    ]


@checks.register(checks.Tags.security, deploy=True)
def check_secret_key(app_configs: Any, **more: Any) -> Sequence[checks.CheckMessage]:
    """newsroom.E004: a secret key that is short, predictable or published."""
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    if all(is_strong_key(str(key)) for key in keys):
        return []
    sentence = _(
        "SECRET_KEY is too short, too simple or published: whoever guesses it signs in as anybody. Make "
        "one: python -c 'import secrets; print(secrets.token_urlsafe(64))'"
    )
    return [checks.Error(sentence, id="newsroom.E004")]


def is_strong_key(key: str) -> bool:
    """Whether a key is long and random enough, and in no published example."""
    return (
        len(key) >= MIN_SECRET_KEY_CHARACTERS
        and entropy_bits(key) >= MIN_SECRET_KEY_BITS
        and not is_published_value(key)
    )


def entropy_bits(text: str) -> float:
    """Shannon entropy of a text in bits, by the frequency of its characters."""
    size = len(text)
    return -sum(n * math.log2(n / size) for n in Counter(text).values())


def is_published_value(value: str) -> bool:
    """Whether a value is a well-known placeholder or in one of the published examples."""
    return bool(PLACEHOLDER_PATTERN.search(value)) or value in set(published_values())


def published_values() -> Iterator[str]:
    """Every value that the published examples give to a variable, and the passwords in their URLs."""
    for name in EXAMPLE_FILES:
        path = PROJECT_ROOT / name
        if not path.is_file():
            continue  # an image ships without deploy/
        for value in re.findall(r"^[#\s]*[A-Z0-9_]+[=:]\s*(\S+)", path.read_text(), re.MULTILINE):
            yield value.strip("\"'")
            yield from url_passwords(value)


def url_passwords(address: str) -> list[str]:
    """The password of a URL, if it has one."""
    try:
        password = urlsplit(address).password
    except ValueError:
        return []
    return [unquote(password)] if password else []


@checks.register(checks.Tags.security, deploy=True)
def check_service_passwords(app_configs: Any, **more: Any) -> Sequence[checks.CheckMessage]:
    """newsroom.E005: a server on another machine with a published or very short password."""
    sentence = _("The password in {name} is short or published. Give that server another one.")
    return [
        checks.Error(sentence.format(name=name), id="newsroom.E005")
        for name in ("DATABASE_URL", "REDIS_URL")
        if has_weak_password(env.str(name, default=""))
    ]


def has_weak_password(address: str) -> bool:
    """Whether a server's URL is of another machine and has a published or short password.

    No password at all is no error: certificates, sockets and service accounts need none.
    """
    host = urlsplit(address).hostname or ""
    if not host or is_loopback_name(host):
        return False
    return any(
        len(password) < MIN_PASSWORD_CHARACTERS or is_published_value(password)
        for password in url_passwords(address)
    )


@checks.register(checks.Tags.security, deploy=True)
def check_tokens(app_configs: Any, **more: Any) -> Sequence[checks.CheckMessage]:
    """newsroom.E006: a token or storage key from a published example."""
    sentence = _("{name} is a published example. Make one of your own.")
    return [
        checks.Error(sentence.format(name=name), id="newsroom.E006")
        for name in ("METRICS_TOKEN", "S3_SECRET_ACCESS_KEY")
        if (value := env.str(name, default="")) and is_published_value(value)
    ]


@checks.register(deploy=True)
def check_deprecated_variables(app_configs: Any, **more: Any) -> Sequence[checks.CheckMessage]:
    """newsroom.W001: an environment variable is set by a deprecated name."""
    sentence = _(
        "{old} is a deprecated name, which the next major version does not read. Set {new}."
    )
    return [
        checks.Warning(sentence.format(old=old, new=new), id="newsroom.W001")
        for old, new in deprecated_names_in_use().items()
    ]


@checks.register(checks.Tags.security, deploy=True)
def check_purpose_secrets(app_configs: Any, **more: Any) -> Sequence[checks.CheckMessage]:
    """newsroom.W002: the secret of one purpose follows from SECRET_KEY."""
    sentence = _("{name} is not set: it follows from SECRET_KEY, and changes with it.")
    hint = _(
        "Set it before the first migrate to this version, and keep it apart from backups of the database."
        " Afterwards, with another VOTE_SECRET everybody could vote again in open polls: change it only as"
        " in docs/polls.md, Rotation (SANCTION_SECRET: docs/identity.md)."
    )
    return [
        checks.Warning(sentence.format(name=name), hint=hint, id="newsroom.W002")
        for name in PURPOSE_SECRETS
        if not has_own_secret(name)
    ]


@checks.register(checks.Tags.security, deploy=True)
def check_email(app_configs: Any, **more: Any) -> Sequence[checks.CheckMessage]:
    """newsroom.E007: a public site whose mails, with sign-in links, go into a log or nowhere."""
    backend = settings.EMAIL_BACKEND.rpartition(".")[0].rpartition(".")[2]
    if not settings.HTTPS or backend not in CONSOLE_BACKENDS:
        return []
    sentence = _(
        "Mails are not sent: EMAIL_URL={backend}mail:// prints or drops them, links that open accounts "
        "among them. Name a mail server: EMAIL_URL=smtp+tls://USER:PASSWORD@HOST:587"
    )
    return [checks.Error(sentence.format(backend=backend), id="newsroom.E007")]


@checks.register()
def check_visibility(app_configs: Any, **more: Any) -> Sequence[checks.CheckMessage]:
    """newsroom.E008: no app has registered when photos or polls are public (newsroom/visibility.py)."""
    hint = "Call newsroom.visibility.register_visibility in AppConfig.ready()."
    return [
        checks.Error(f"No visibility condition for {kind}s.", hint=hint, id="newsroom.E008")
        for kind in VISIBILITY_KINDS
        if kind not in VISIBILITY_CONDITIONS
    ]


@checks.register()
def check_next_change(app_configs: Any, **more: Any) -> Sequence[checks.CheckMessage]:
    """newsroom.E009: no app has registered its next planned change (newsroom/http/cache_control.py)."""
    if NEXT_CHANGE_PROVIDERS:
        return []
    hint = "Call newsroom.http.cache_control.register_next_change in AppConfig.ready()."
    return [checks.Error("Caches know of no planned change.", hint=hint, id="newsroom.E009")]


@checks.register(checks.Tags.database)
def check_old_database(
    app_configs: Any, databases: Any = None, **more: Any
) -> Sequence[checks.CheckMessage]:
    """newsroom.E010: the database has migrations of a version before they were made anew.

    `migrate` runs database checks, which would else fail in the middle of a migration.
    """
    try:
        is_old = bool(databases) and any(map(is_retired, applied_migrations()))
    except DatabaseError:
        return []  # whatever needs the database says so
    return [checks.Error(OLD_DATABASE_SENTENCES[1], id="newsroom.E010")] if is_old else []
