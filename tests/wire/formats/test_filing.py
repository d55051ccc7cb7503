"""Filing of structured deliveries: several stories of one, versions by the agency's identifiers."""

import pytest

from tests.support.formats.wire_documents import IPTC_7901, mail, sample
from wire.actions import receive_delivery
from wire.models import Delivery, Source, Story, Version

pytestmark = pytest.mark.django_db
RSS, G2 = "rss.xml", "newsml_g2_text.xml"


@pytest.fixture
def agency() -> Source:
    return Source.objects.create(slug="gasang", name="가상통신", agency="가상통신")


def come(agency: Source, raw: bytes) -> Delivery:
    return receive_delivery(agency, raw=raw, by=None)


def test_each_format_is_recognised_and_filed(agency: Source) -> None:
    samples = (G2, "nitf.xml", "ninjs_1.json", RSS, "atom.xml")
    deliveries = [come(agency, raw) for raw in [*map(sample, samples), IPTC_7901.encode(), mail()]]

    assert [(delivery.status, delivery.reason) for delivery in deliveries] == [("parsed", "")] * 7
    assert [delivery.format for delivery in deliveries] == [
        *("newsml_g2", "nitf", "ninjs", "feed", "feed", "iptc7901", "email"),
    ]
    assert Story.objects.count() == 9  # the feed has three


def test_versions_of_one_identifier_are_one_story(agency: Source) -> None:
    first = come(agency, sample(G2))
    later = (
        sample(G2)
        .replace(b' version="3"', b' version="4"')
        .replace("다시 연다".encode(), "연다".encode())
    )
    second = come(agency, later)
    again = come(agency, sample(G2))

    story = Story.objects.get()
    assert story.identifier == "urn:newsml:agency.example:20261001:river-path"
    assert not story.weak_key
    assert [v.agency_version for v in story.versions.order_by("number")] == ["3", "4"]
    assert (first.status, second.status, again.status) == ("parsed", "parsed", "duplicate")


def test_columns_hold_what_the_item_says(agency: Source) -> None:
    come(agency, sample(G2))

    version = Version.objects.get()
    assert (version.urgency, version.language, version.signal) == (2, "ko", "correction")
    assert version.blocks[1] == {
        "kind": "subhead",
        "text": "공사 경과",
        "html": "<h2>공사 경과</h2>",
        "rows": [],
    }
    assert version.media[0]["href"] == "https://img.example/path.jpg"
    assert version.paragraphs[0] == "가상시는 강변길을 1일 다시 연다고 밝혔다."
    assert version.expires_at is not None
    assert version.ai_use_prohibited


def test_damaged_document_is_a_failed_delivery_with_its_reason(agency: Source) -> None:
    delivery = come(agency, sample(G2)[:-300])

    assert delivery.status == "failed"
    assert (
        delivery.reason
        == "NewsML-G2 문서가 중간에 끊겼거나 손상되었습니다. 통신사에 다시 보내 달라고 해 주세요."
    )
    assert not Story.objects.exists()


def test_source_may_choose_its_format(agency: Source) -> None:
    agency.format = Source.Format.NINJS
    agency.save(update_fields=["format"])

    assert come(agency, sample("ninjs_1.json")).status == "parsed"
    assert come(agency, sample(RSS)).status == "failed"


def test_mails_of_one_story_are_its_versions(agency: Source) -> None:
    """A reply of the agency, a mail that takes the place of another, and one sent again."""
    reply = {"Message-ID": "<2@agency.example>", "References": "<1@agency.example>"}
    newer = {"Message-ID": "<3@agency.example>", "Supersedes": "<1@agency.example>"}
    resent = {"Resent-Message-ID": "<8@agency.example>", "Resent-From": "desk@agency.example"}
    come(agency, mail())
    come(agency, mail(subject="Re: 가상시, 강변길 다시 연다(종합2보)", headers=reply))
    come(agency, mail(subject="<고침> 가상시, 강변길 다시 연다", headers=newer))
    again = come(agency, mail(headers=resent))

    story = Story.objects.get()
    assert (again.status, story.identifier) == ("duplicate", "")
    signals = story.versions.order_by("number").values_list("signal", flat=True)
    assert list(signals) == ["text", "text", "correction"]


@pytest.mark.parametrize(
    ("subject", "text"),
    [
        ("[전문취소] 가상시, 강변길 다시 연다", "위 기사를 취소합니다."),
        (
            "[전문취소] 알림",
            "1일 송고한 '가상시, 강변길 다시 연다(종합)' 제하의 기사를 취소합니다.",
        ),
    ],
)
def test_cancellation_in_a_mail_of_its_own_cancels_the_story(
    agency: Source, subject: str, text: str
) -> None:
    come(agency, mail())
    come(agency, mail(subject=subject, text=text, headers={"Message-ID": "<9@agency.example>"}))

    story = Story.objects.get()
    assert story.status == Story.Status.CANCELLED


def test_mail_with_another_picture_is_another_version(agency: Source) -> None:
    pictures = [("1.jpg", "image/jpeg", b"one"), ("2.jpg", "image/jpeg", b"two")]
    come(agency, mail(files=pictures[:1]))
    come(agency, mail(files=pictures))

    assert Story.objects.get().versions.count() == 2


def nitf(docdata: str, *, headline: str = "가상시, 강변길 연다") -> bytes:
    body = f"<body.head><hedline><hl1>{headline}</hl1></hedline></body.head>"
    text = "<body.content><p>가상시가 강변길을 연다.</p></body.content>"
    return f"<nitf><head>{docdata}</head><body>{body}{text}</body></nitf>".encode()


@pytest.mark.parametrize(
    ("management", "status"),
    [
        ('management-status="canceled" management-doc-idref="A:1"', "cancelled"),
        ('management-status="canceled" management-doc-idref="1"', "cancelled"),
        (
            'management-status="canceled" management-doc-idref="A:1" management-idref-status="replaced"',
            "usable",
        ),
        ('management-status="usable" management-doc-idref="A:1"', "usable"),
    ],
)
def test_cancellation_that_names_an_earlier_document_cancels_it(
    agency: Source, management: str, status: str
) -> None:
    first = '<doc-id regsrc="A" id-string="1"/><du-key key="k" version="3"/>'
    second = '<doc-id regsrc="A" id-string="2"/>'
    issued = '<date.issue norm="20261001T0{}0000+0900"/>'
    come(agency, nitf(f"<docdata>{first}{issued.format(1)}</docdata>"))
    come(agency, nitf(f"<docdata {management}>{second}{issued.format(2)}</docdata>"))

    assert Story.objects.get(identifier="A:1").status == status
    is_usable = 'management-status="usable"' in management
    assert Story.objects.get(identifier="A:2").status == ("usable" if is_usable else "cancelled")
