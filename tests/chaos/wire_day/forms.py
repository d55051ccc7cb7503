"""Texts of the day as bytes: one writer for each form in which agencies send. Pure."""

import json
from collections.abc import Callable, Sequence
from datetime import UTC
from email.message import EmailMessage
from email.utils import format_datetime
from html import escape

from tests.chaos.wire_day.texts import Text

MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
NEWSML_NAMESPACE = "http://iptc.org/std/nar/2006-10-01/"


def embargo_lines(text: Text) -> list[str]:
    if text.is_open_embargo:
        return ["※ 엠바고: 별도 공지 때까지 보도를 삼가 주시기 바랍니다"]
    if text.embargo:
        return [f"※ 이 기사는 {text.embargo:%m월 %d일 %H시} 이후 보도 바랍니다"]
    return []


def korean(text: Text, *, opening: str, stamp: str, address: str) -> bytes:
    """A Korean text of an agency, with its dateline, address and end mark."""
    lead, *rest = text.paragraphs
    stamps = [f"{stamp} {text.sent:%Y-%m-%d %H:%M:%S}"] if text.is_stamped else []
    lines = [text.headline, *stamps, *embargo_lines(text), f"{opening} 정하늘 기자 = {lead}", *rest]
    return "\n\n".join([*lines, address, "(끝)"]).encode()


def yonhap(text: Text) -> bytes:
    dateline = f"({text.place}=연합뉴스)"
    return korean(text, opening=dateline, stamp="연합뉴스", address="haneul@yna.co.kr")


def newsis(text: Text) -> bytes:
    dateline, address = f"[{text.place}=뉴시스]", "◎공감언론 뉴시스 haneul@newsis.com"
    return korean(text, opening=dateline, stamp="송고시간", address=address)


def news1(text: Text) -> bytes:
    dateline = f"({text.place}=뉴스1)"
    return korean(text, opening=dateline, stamp="송고시간", address="haneul@news1.kr")


def english(text: Text) -> bytes:
    lead, *rest = text.paragraphs
    month = MONTHS[text.sent.month - 1]
    stamps = (
        [f"{text.sent:%H:%M} {month}. {text.sent.day}, {text.sent.year}"] if text.is_stamped else []
    )
    opening = f"SEOUL, {month}. {text.sent.day} (Yonhap) -- {lead}"
    return "\n\n".join([text.headline, *stamps, opening, *rest, "(END)"]).encode()


def iptc(text: Text) -> bytes:
    body = "".join(f"   {line}\r\n" for line in text.paragraphs)
    at = text.sent.astimezone(UTC)
    end = f"{at:%d%H%M} GMT {MONTHS[at.month - 1]} {at:%y}" if text.is_stamped else ""
    head = f"\x16\x16\x01GAS{text.story % 10_000:04} 2 i 48 bc\r\nstory/\r\n"
    return f"{head}\x02{text.headline}\r\n{body}\x03{end}\x04".encode()


def anpa(text: Text) -> bytes:
    body = "".join(f"\t{line}\r\n" for line in text.paragraphs)
    at = text.sent.astimezone(UTC)
    end = f"GN-WF-{at:%m-%d-%y} {at:%H%M}GMT" if text.is_stamped else ""
    number = f"a{text.story % 10_000:04}"
    head = f"\x16\x16\x01{number}\x1fbc-i\r\nu i\x13\x11 bc-Story {at:%m-%d} 0048\r\n"
    return (
        f"{head}\x02^BC-Gasang--Story\r\n^{text.headline}<\r\n{body}\x03{end}\r\n\x04\r\n".encode()
    )


def html_of(text: Text) -> str:
    return "".join(f"<p>{escape(line)}</p>" for line in text.paragraphs)


def newsml(text: Text) -> bytes:
    embargo = f"<embargoed>{text.embargo.isoformat()}</embargoed>" if text.embargo else ""
    signal = f'<signal qcode="{text.signal}"/>' if text.signal else ""
    return (
        f'<?xml version="1.0" encoding="UTF-8"?><newsItem xmlns="{NEWSML_NAMESPACE}" '
        f'guid="{text.identifier}" version="{text.version}" standard="NewsML-G2" standardversion="2.34">'
        f'<itemMeta><itemClass qcode="ninat:text"/><provider qcode="nprov:GASANG"><name>가상통신</name>'
        f"</provider><versionCreated>{text.sent.isoformat()}</versionCreated>{embargo}"
        f'<pubStatus qcode="stat:{text.status}"/>{signal}</itemMeta><contentMeta><urgency>3</urgency>'
        f"<headline>{escape(text.headline)}</headline></contentMeta><contentSet>"
        '<inlineXML contenttype="application/xhtml+xml"><html xmlns="http://www.w3.org/1999/xhtml"><body>'
        f"{html_of(text)}</body></html></inlineXML></contentSet></newsItem>"
    ).encode()


def nitf(text: Text) -> bytes:
    status = f' management-status="{text.status}"'
    earlier = f' management-doc-idref="{text.earlier}"' if text.earlier else ""
    release = f'<date.release norm="{text.embargo:%Y%m%dT%H%M%S%z}"/>' if text.embargo else ""
    message = '<ed-msg msg-type="correction" info="corrects"/>' if text.signal else ""
    return (
        f'<?xml version="1.0" encoding="UTF-8"?><nitf><head><docdata{status}{earlier}>'
        f'<doc-id id-string="{text.identifier}"/><date.issue norm="{text.sent:%Y%m%dT%H%M%S%z}"/>{release}'
        f'{message}<du-key version="{text.version}" key="{text.story}"/></docdata></head><body><body.head>'
        f"<hedline><hl1>{escape(text.headline)}</hl1></hedline></body.head><body.content>{html_of(text)}"
        "</body.content></body></nitf>"
    ).encode()


def ninjs1(text: Text) -> bytes:
    return ninjs_of(text, {"body_html": html_of(text), "headline": text.headline})


def ninjs2(text: Text) -> bytes:
    bodies = [{"contenttype": "text/html", "value": html_of(text)}]
    return ninjs_of(
        text, {"bodies": bodies, "headlines": [{"role": "main", "value": text.headline}]}
    )


def ninjs3(text: Text) -> bytes:
    value = {
        "standard": {"name": "ninjs", "version": "3.1"},
        "uri": text.identifier,
        "type": "text",
        "version": str(text.version),
        "versionCreated": text.sent.isoformat(),
        "pubStatus": text.status,
        "headlines": [{"role": "main", "value": text.headline}],
        "bodies": [{"contentType": "application/xhtml+xml", "value": html_of(text)}],
        **({"embargoed": text.embargo.isoformat()} if text.embargo else {}),
        **({"signals": [{"code": text.signal}]} if text.signal else {}),
    }
    return json.dumps(value, ensure_ascii=False).encode()


def ninjs_of(text: Text, content: dict[str, object]) -> bytes:
    value = {
        "uri": text.identifier,
        "type": "text",
        "version": str(text.version),
        "versioncreated": text.sent.isoformat(),
        "pubstatus": text.status,
        **content,
        **({"embargoed": text.embargo.isoformat()} if text.embargo else {}),
        **({"signal": [{"qcode": text.signal}]} if text.signal else {}),
    }
    return json.dumps(value, ensure_ascii=False).encode()


def mail(text: Text) -> bytes:
    lines = [*embargo_lines(text), *text.paragraphs]
    message = mail_of(text, "\n\n".join(lines))
    if not text.is_stamped:
        del message["Date"]
    return message.as_bytes()


def mailed_nitf(text: Text) -> bytes:
    """A mail whose story is an attached NITF document."""
    message = mail_of(text, "기사를 붙입니다.")
    message.add_attachment(nitf(text), maintype="text", subtype="xml", filename="story.xml")
    message.set_boundary(f"=={text.identifier}=={text.version}==")
    return message.as_bytes()


def mail_of(text: Text, body: str) -> EmailMessage:
    message = EmailMessage()
    message["From"], message["To"] = "가상통신 <desk@agency.example>", "wire@newsroom.example"
    message["Subject"], message["Date"] = text.headline, format_datetime(text.sent)
    message.set_content(body)
    return message


def rss(texts: Sequence[Text]) -> bytes:
    items = "".join(
        f'<item><title>{escape(text.headline)}</title><guid isPermaLink="false">{text.identifier}</guid>'
        f"<pubDate>{format_datetime(text.sent)}</pubDate>"
        f"<content:encoded><![CDATA[{html_of(text)}]]></content:encoded></item>"
        for text in texts
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?><rss version="2.0" '
        'xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel><title>가상통신</title>'
        f"<link>https://agency.example/</link><description>소식</description>{items}</channel></rss>"
    ).encode()


def atom(texts: Sequence[Text]) -> bytes:
    entries = "".join(
        f"<entry><title>{escape(text.headline)}</title><id>{text.identifier}</id>"
        f"<updated>{text.sent.isoformat()}</updated>"
        f'<content type="html">{escape(html_of(text))}</content></entry>'
        for text in texts
    )
    return (
        '<?xml version="1.0" encoding="utf-8"?><feed xmlns="http://www.w3.org/2005/Atom">'
        "<title>가상통신</title><id>tag:agency.example,2026:feed</id>"
        f"<updated>2026-11-14T05:00:00+09:00</updated>{entries}</feed>"
    ).encode()


WRITERS: dict[str, Callable[[Text], bytes]] = {
    each.__name__: each
    for each in (
        yonhap, newsis, news1, english, newsml, nitf, ninjs1, ninjs2, ninjs3, iptc, anpa, mail, mailed_nitf,
    )
}  # fmt: skip
FEEDS: dict[str, Callable[[Sequence[Text]], bytes]] = {"rss": rss, "atom": atom}
