"""Addresses of other sites as people and servers write them: Korean host names, raw UTF-8, other ports."""

import pytest

from desk.links import LinkFault, external_urls_in, link_problems_of
from desk.workers.link_checks import carry_out_due_link_checks
from tests.desk.test_external_links import OtherSite, other_site, states_of
from tests.desk.test_links import anchors
from tests.support import make
from tests.support.loopback.receivers import ReceiverResponse

__all__ = ["other_site"]

KOREAN, EUC_KR = "한글".encode(), "한글".encode("euc-kr")


@pytest.fixture
def looked_up(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names that are looked up; each of them leads to loopback."""
    names: list[str] = []

    def query(target: object, *, timeout_seconds: float) -> list[str]:
        assert timeout_seconds > 0
        names.append(str(getattr(target, "host", "")))
        return ["127.0.0.1"]

    monkeypatch.setattr("outbox.ssrf_guard.query_dns", query)
    return names


def to_raw(location: bytes) -> ReceiverResponse:
    """A redirect with these very bytes in its Location header."""
    return 301, {"Location": location.decode("latin-1")}, b""


@pytest.mark.django_db
def test_korean_host_names_are_called_in_punycode(
    other_site: OtherSite, looked_up: list[str]
) -> None:
    port = other_site.receiver.port
    elsewhere = f"http://신문.한국:{port}/기사".encode()
    other_site.pages = {"/%EA%B0%80?q=%EB%82%98": 200, "/moved": to_raw(elsewhere)}
    other_site.pages["/%EA%B8%B0%EC%82%AC"] = 200
    draft = make.draft(
        body=anchors(f"http://소식.한국:{port}/가?q=나#다", f"http://소식.한국:{port}/moved")
    )
    carry_out_due_link_checks()
    assert states_of(draft) == {"가?q=나#다": ("ok", 200), "moved": ("ok", 200)}
    assert set(looked_up) == {"xn--9l4b4x.xn--3e0b707e", "xn--z92b13l.xn--3e0b707e"}
    hosts = {got.headers["host"] for got in other_site.receiver.got}
    assert hosts == {f"{name}:{port}" for name in looked_up}


@pytest.mark.django_db
def test_a_host_name_that_dns_cannot_have_is_no_complete_address() -> None:
    url = f"https://{'가나다라' * 15}.kr/"  # short enough in Hangul, too long in Punycode
    draft = make.draft(body=anchors(url))
    assert external_urls_in(draft.body) == []
    faults = [problem.fault for problem in link_problems_of(draft, reader=make.ben())]
    assert faults == [LinkFault.MALFORMED]


@pytest.mark.django_db
def test_redirects_may_be_written_in_raw_utf_8_or_another_encoding(other_site: OtherSite) -> None:
    other_site.pages = {
        "/utf-8": to_raw(b"/" + KOREAN),
        "/euc-kr": to_raw(b"/" + EUC_KR + b"?a=1&b=%20"),
        "/encoded": to_raw(b"/%ED%95%9C%EA%B8%80"),
        "/%ED%95%9C%EA%B8%80": 200,
        "/%C7%D1%B1%DB?a=1&b=%20": 200,
    }
    names = ["utf-8", "euc-kr", "encoded"]
    draft = make.draft(body=anchors(*(f"{other_site.root}/{name}" for name in names)))
    carry_out_due_link_checks()
    assert states_of(draft) == dict.fromkeys(names, ("ok", 200))


@pytest.mark.django_db
def test_of_a_public_host_with_another_port_it_is_said_that_the_port_is_not_checked(
    other_site: OtherSite,
) -> None:
    other_site.pages = {"/moved": to_raw(b"https://news.example.com:8443/")}
    urls = ["https://news.example.com:8443/page", f"{other_site.root}/moved", "http://10.0.0.7:81/"]
    draft = make.draft(body=anchors(*urls))
    carry_out_due_link_checks()
    states = {"page": ("other_port", None), "moved": ("other_port", None)}
    assert states_of(draft) == states | {"": ("forbidden", None)}
