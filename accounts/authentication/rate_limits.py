"""Rate limiter of sign-in: limits on guessing passwords and codes.

Every attempt is counted before the password is checked, by an atomic increment in the cache, and the
count is given back on success; so parallel requests gain nothing.  Counted are

- the name (address or account) from one IP address;
- the IP address, and its network, for all names;
- the name from everywhere.  Beyond this limit only known clients may try (IP address or browser cookie of
  an earlier sign-in), so that guessing by others cannot lock out the owner.

A known browser has a limit of its own.  Where the other limits are exceeded, only the accounts that have
signed in with it are tried.  Its attempts also count for the others, so that another account with the same
address is no way around them.  Responses do not depend on whether an account exists: unknown addresses are
counted alike.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field

from django.conf import settings
from django.http import HttpRequest

from accounts.authentication.known_browser import browser_client, ip_client
from accounts.authentication.known_clients import user_ids_known_to
from accounts.authentication.sign_in_alerts import FAILURES_PER_ALERT, raise_sign_in_alert
from accounts.models import User
from newsroom.api.throttling import RatePolicy, RateUsage, count_request, uncount_request
from newsroom.http.client_ip import client_network

NAME_PER_IP_POLICY = RatePolicy("sign_in_name_at_address", max_requests=5, seconds=300)
NAME_PER_BROWSER_POLICY = RatePolicy("sign_in_name_in_browser", max_requests=10, seconds=300)
IP_POLICY = RatePolicy("sign_in_address", max_requests=10, seconds=60)
NETWORK_POLICY = RatePolicy("sign_in_network", max_requests=60, seconds=60)
NAME_POLICY = RatePolicy("sign_in_name", max_requests=20, seconds=600)
CHALLENGE_POLICY = RatePolicy("sign_in_challenges", max_requests=20, seconds=60)
ALERT_POLICY = RatePolicy("sign_in_alert", max_requests=FAILURES_PER_ALERT, seconds=86_400)


class TooManyAttempts(Exception):
    """A rate limit is exceeded: the password or code is not checked."""


@dataclass
class SignInAttempt:
    """A counted attempt to sign in; `candidates` are the accounts whose password may be tried."""

    name: str
    candidates: list[User]
    counted: list[tuple[RateUsage, str]] = field(default_factory=list)

    def count(self, policy: RatePolicy, client: str) -> bool:
        """Count the attempt; returns whether it is within the limit, also if the cache is unavailable."""
        usage = count_request(policy, client=client)
        if usage is None:
            return True
        self.counted.append((usage, client))
        return not usage.is_exceeded

    def restrict_to(self, user_ids: set[int]) -> None:
        """Restrict the candidates to these accounts."""
        self.candidates = [user for user in self.candidates if user.pk in user_ids]

    def succeeded(self) -> None:
        """Give back the counts of a successful attempt."""
        for usage, client in self.counted:
            uncount_request(usage, client=client)

    def failed(self) -> None:
        """Count a failure; the tenth within a day raises an alert, also for an unknown address."""
        usage = count_request(ALERT_POLICY, client=hash_name(self.name))
        if usage is not None and usage.used == FAILURES_PER_ALERT:
            raise_sign_in_alert(self.name, user=self.candidates[0] if self.candidates else None)


def is_over_challenge_limit(request: HttpRequest) -> bool:
    """Count a passkey challenge for the client's IP address; returns whether the limit is exceeded."""
    usage = count_request(CHALLENGE_POLICY, client=ip_client(request))
    return usage is not None and usage.is_exceeded


def hash_name(name: str) -> str:
    """SHA-256 in hex, so that no address is a key of the cache."""
    return hashlib.sha256(name.encode()).hexdigest()


def start_attempt(request: HttpRequest, name: str, candidates: Sequence[User]) -> SignInAttempt:
    """Count an attempt to sign in as one of `candidates`. Raises TooManyAttempts, counted as a failure.

    1. Count the name at the IP address, the IP address and its network.
    2. From a known browser of a candidate: where those are exceeded, restrict the candidates to its
       accounts; its own limit decides.
    3. Count the name from everywhere; beyond that, restrict the candidates to those who know the client.
    """
    attempt = SignInAttempt(name, [*candidates])
    address, browser, key = ip_client(request), browser_client(request), hash_name(name)
    network = client_network(request.META, proxies=settings.TRUSTED_PROXIES)
    known_in_browser = user_ids_known_to(browser, users=candidates) if browser else set[int]()
    is_within = (
        attempt.count(NAME_PER_IP_POLICY, f"{key}:{address}")
        and attempt.count(IP_POLICY, address)
        and attempt.count(NETWORK_POLICY, network)
    )
    if known_in_browser:
        if not is_within:
            attempt.restrict_to(known_in_browser)
        is_within = attempt.count(NAME_PER_BROWSER_POLICY, f"{key}:{hash_name(browser)}")
    if is_within and not attempt.count(NAME_POLICY, key):
        attempt.restrict_to(known_in_browser | user_ids_known_to(address, users=candidates))
        is_within = bool(attempt.candidates)
    if not is_within:
        SignInAttempt(name, [*candidates]).failed()
        raise TooManyAttempts
    return attempt
