"""Deliveries in structured formats, with invented texts: files of samples, mails, teleprinter messages."""

from collections.abc import Mapping, Sequence
from email.message import EmailMessage
from pathlib import Path

from wire.parsers.payload import Payload
from wire.parsers.registry import FORMATS, find_format
from wire.parsers.result import ParsedDelivery, ParsedStory

SAMPLES = Path(__file__).resolve().parents[2] / "wire/formats/samples"
IPTC_7901 = (
    "\x16\x16\x01GAS0042 2 i 48 bc\r\nriver-path/\r\n\x02River path reopens in Gasang\r\n"
    "By Haneul Jung\r\n"
    "   The city of Gasang has reopened its path along the river, it said on\r\n"
    "Thursday, three months after a flood.\r\n"
    "   The works cost 22 million won.\r\n"
    "The following information is not for publication\r\n"
    "Call the desk at 02-000-0000\r\n"
    "\x03010900 GMT Oct 26\x04"
)
ANPA_1312 = (
    "\x16\x16\x01a0042\x1fbc-i\r\nu i\x13\x11 bc-RiverPath 10-01 0048\r\n"
    "\x02^BC-Gasang--River Path\r\n^River path reopens in Gasang<\r\n^EDITOR'S NOTE _ Photos follow.<\r\n"
    "^By HANEUL JUNG<\r\n^Gasang News<\r\n"
    "\tGASANG (GN) _ The city has reopened its path along the river.\r\n"
    "\tThe works cost 22 million won.\r\n"
    "\x03GN-WF-10-01-26 0900GMT\r\n\x04\r\n\x16\r\n"
)


def sample(name: str) -> bytes:
    return (SAMPLES / name).read_bytes()


def parsed(raw: bytes, *, content_type: str = "", name: str = "") -> ParsedDelivery:
    """The delivery, parsed by the format that recognises it."""
    payload = Payload(raw, content_type, name)
    return find_format(payload, chosen="auto").parse(payload)


def only_story(raw: bytes) -> ParsedStory:
    (story,) = parsed(raw).stories
    return story


def parse_as(slug: str, raw: bytes) -> ParsedDelivery:
    """The delivery, parsed by this format whether it is recognised or not."""
    return next(form for form in FORMATS if form.slug == slug).parse(Payload(raw))


def mail(
    *,
    subject: str = "가상시, 강변길 다시 연다(종합)",
    text: str = "가상시는 강변길을 다시 연다고 밝혔다.\n\n공사는 석 달 걸렸다.\n\n-- \n가상통신 편집부\n",
    html: str = "",
    charset: str = "utf-8",
    files: Sequence[tuple[str, str, bytes]] = (),
    headers: Mapping[str, str] | None = None,
) -> bytes:
    """A mail from an agency; `files` are (name, media type, bytes)."""
    message = EmailMessage()
    defaults = {
        "From": "가상통신 <desk@agency.example>",
        "To": "wire@newsroom.example",
        "Message-ID": "<1@agency.example>",
        "Date": "Thu, 01 Oct 2026 09:30:00 +0900",
    }
    for name, value in {**defaults, **(headers or {})}.items():
        message[name] = value
    message["Subject"] = subject
    message.set_content(text, charset=charset)
    if html:
        message.add_alternative(html, subtype="html", charset=charset)
    for name, kind, raw in files:
        maintype, subtype = kind.split("/")
        message.add_attachment(raw, maintype=maintype, subtype=subtype, filename=name)
    return message.as_bytes()
