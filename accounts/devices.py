"""Names of the device of a sign-in, from the User-Agent header: `Chrome, Windows`. Pure.

The header itself is not stored: only one of these names of browsers and of systems.
"""

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

# Word of the header and name, the first that is found: most browsers name others too.
BROWSERS = (
    ("KAKAOTALK", "KakaoTalk"),
    ("NAVER(inapp", "NAVER"),
    ("Whale/", "Whale"),
    ("SamsungBrowser/", "Samsung Internet"),
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("FxiOS/", "Firefox"),
    ("Firefox/", "Firefox"),
    ("CriOS/", "Chrome"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
)
SYSTEMS = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("CrOS", "ChromeOS"),
    ("Mac OS X", "macOS"),
    ("Linux", "Linux"),
)


@dataclass(frozen=True)
class Device:
    """What an account signed in with: names out of the lists above, "" where none is known."""

    browser: str
    system: str
    is_app: bool

    def label(self) -> str:
        """The device in words, in the current language: `Chrome, Windows`."""
        if not self.browser and not self.system and not self.is_app:
            return _("unknown device")
        program = pgettext("device", "app") if self.is_app else self.browser
        return ", ".join(filter(None, [program, self.system]))


def device_of(user_agent: str, *, is_app: bool) -> Device:
    """The device that a User-Agent header names."""
    return Device(
        browser="" if is_app else first_name(BROWSERS, user_agent),
        system=first_name(SYSTEMS, user_agent),
        is_app=is_app,
    )


def first_name(names: tuple[tuple[str, str], ...], user_agent: str) -> str:
    """The name of the first word that the header contains; "" for none."""
    return next((name for word, name in names if word in user_agent), "")
