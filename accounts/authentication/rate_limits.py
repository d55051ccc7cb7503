"""Limits on guessing passwords and codes: rate limiter of sign-in.

Every attempt is counted before it is judged, in one step of the cache that no two requests can take at
once, and given back if it was right; so parallel requests gain nothing.  Counted are

- the name (address or account) tried from one network address, so that typing wrong has an end;
- the network address, and the network around it, whatever names they try;
- the name, from anywhere.  Beyond this only those come in who have signed in from there before, by
  address or by the cookie of their browser: a stranger's guesses never lock out the owner.

A known browser has a budget of its own beside these; where they are spent, only the passwords of the
accounts that have signed in with it are tried.  It counts against the others all the same, so that an
account of one's own with somebody's address is no way around them.  What is answered never depends on
whether there is an account: an address that nobody has is counted alike.
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
    """So many wrong passwords or codes that this one is not looked at."""


@dataclass
class SignInAttempt:
    """An attempt to sign in with a name, counted. `people` are those whose password may be tried."""

    name: str
    people: list[User]
    spent: list[tuple[RateUsage, str]] = field(default_factory=list)

    def count(self, policy: RatePolicy, who: str) -> bool:
        """Count the attempt; whether it is within the limit, as it is where the cache is unavailable."""
        counted = count_request(policy, client=who)
        if counted is None:
            return True
        self.spent.append((counted, who))
        return not counted.is_exceeded

    def restrict(self, known: set[int]) -> None:
        """Try the passwords of these accounts (their numbers) alone."""
        self.people = [user for user in self.people if user.pk in known]

    def succeeded(self) -> None:
        for spent, who in self.spent:
            uncount_request(spent, client=who)

    def failed(self) -> None:
        """Note a failure; the tenth of a day is an alert, of an account or of an address without one."""
        who = hash_name(self.name)
        counted = count_request(ALERT_POLICY, client=who)
        if counted is not None and counted.used == FAILURES_PER_ALERT:
            raise_sign_in_alert(self.name, user=self.people[0] if self.people else None)


def is_over_challenge_limit(request: HttpRequest) -> bool:
    """Count a passkey's challenge for the address that asks; whether there have been too many."""
    counted = count_request(CHALLENGE_POLICY, client=ip_client(request))
    return counted is not None and counted.is_exceeded


def hash_name(name: str) -> str:
    return hashlib.sha256(name.encode()).hexdigest()


def start_attempt(request: HttpRequest, name: str, candidates: Sequence[User]) -> SignInAttempt:
    """Count an attempt to sign in as one of these people. Raises TooManyAttempts, counted as a failure."""
    tried = SignInAttempt(name, [*candidates])
    address, browser, key = ip_client(request), browser_client(request), hash_name(name)
    network = client_network(request.META, proxies=settings.TRUSTED_PROXIES)
    in_browser = user_ids_known_to(browser, users=candidates) if browser else set[int]()
    has_room = (
        tried.count(NAME_PER_IP_POLICY, f"{key}:{address}")
        and tried.count(IP_POLICY, address)
        and tried.count(NETWORK_POLICY, network)
    )
    if in_browser:
        if not has_room:
            tried.restrict(in_browser)
        has_room = tried.count(NAME_PER_BROWSER_POLICY, f"{key}:{hash_name(browser)}")
    if has_room and not tried.count(NAME_POLICY, key):
        tried.restrict(in_browser | user_ids_known_to(address, users=candidates))
        has_room = bool(tried.people)
    if not has_room:
        SignInAttempt(name, [*candidates]).failed()
        raise TooManyAttempts
    return tried
