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

from accounts.authentication.guessing_alerts import FAILURES_OF_AN_ALERT, raise_alert
from accounts.authentication.known_clients import who_knows
from accounts.authentication.remembered_browsers import address_at, browser_at
from accounts.models import User
from newsroom.api.throttling import Policy, Spent, refund, spend
from newsroom.http.client_ip import network_of

NAME_AT_AN_ADDRESS = Policy("sign_in_name_at_address", most=5, seconds=300)
NAME_IN_A_BROWSER = Policy("sign_in_name_in_browser", most=10, seconds=300)
ADDRESS = Policy("sign_in_address", most=10, seconds=60)
NETWORK = Policy("sign_in_network", most=60, seconds=60)
NAME = Policy("sign_in_name", most=20, seconds=600)
CHALLENGES = Policy("sign_in_challenges", most=20, seconds=60)
ALERT = Policy("sign_in_alert", most=FAILURES_OF_AN_ALERT, seconds=86_400)


class TooManyAttempts(Exception):
    """So many wrong passwords or codes that this one is not looked at."""


@dataclass
class Attempt:
    """An attempt to sign in with a name, counted. `people` are those whose password may be tried."""

    name: str
    people: list[User]
    spent: list[tuple[Spent, str]] = field(default_factory=list)

    def count(self, policy: Policy, who: str) -> bool:
        """Count the attempt; whether it is within the limit, as it is where the cache is unavailable."""
        counted = spend(policy, who=who)
        if counted is None:
            return True
        self.spent.append((counted, who))
        return not counted.is_too_much

    def restrict(self, known: set[int]) -> None:
        """Try the passwords of these accounts (their numbers) alone."""
        self.people = [user for user in self.people if user.pk in known]

    def succeeded(self) -> None:
        for spent, who in self.spent:
            refund(spent, who=who)

    def failed(self) -> None:
        """Note a failure; the tenth of a day is an alert, of an account or of an address without one."""
        who = hashed(self.name)
        counted = spend(ALERT, who=who)
        if counted is not None and counted.used == FAILURES_OF_AN_ALERT:
            raise_alert(self.name, user=self.people[0] if self.people else None)


def too_many_challenges(request: HttpRequest) -> bool:
    """Count a passkey's challenge for the address that asks; whether there have been too many."""
    counted = spend(CHALLENGES, who=address_at(request))
    return counted is not None and counted.is_too_much


def hashed(name: str) -> str:
    return hashlib.sha256(name.encode()).hexdigest()


def attempt(request: HttpRequest, name: str, people: Sequence[User]) -> Attempt:
    """Count an attempt to sign in as one of these people. Raises TooManyAttempts, counted as a failure."""
    tried = Attempt(name, [*people])
    address, browser, key = address_at(request), browser_at(request), hashed(name)
    network = network_of(request.META, proxies=settings.TRUSTED_PROXIES)
    in_browser = who_knows(browser, people=people) if browser else set[int]()
    has_room = (
        tried.count(NAME_AT_AN_ADDRESS, f"{key}:{address}")
        and tried.count(ADDRESS, address)
        and tried.count(NETWORK, network)
    )
    if in_browser:
        if not has_room:
            tried.restrict(in_browser)
        has_room = tried.count(NAME_IN_A_BROWSER, f"{key}:{hashed(browser)}")
    if has_room and not tried.count(NAME, key):
        tried.restrict(in_browser | who_knows(address, people=people))
        has_room = bool(tried.people)
    if not has_room:
        Attempt(name, [*people]).failed()
        raise TooManyAttempts
    return tried
