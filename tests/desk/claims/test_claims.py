"""Register of claims: record, answer, publish, close; clocks, reminders, personal data."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.core import mail
from django.utils import timezone

from accounts.models import User
from articles.models import Article
from audit.models import Entry
from desk.actions import publish_now
from desk.actions.legal.claim_decisions import (
    accept_claim,
    link_edition_to_claim,
    publish_for_claim,
    refuse_claim,
    take_claim_to_arbitration,
    withdraw_claim,
)
from desk.actions.legal.claims import edit_claim
from desk.actions.legal.erasing import erase_article
from desk.errors import EditedElsewhere, NeverPublished, NoCorrectionNote
from desk.errors.legal import (
    AlreadyErased,
    ClaimChanged,
    ClaimInFuture,
    ClaimNotPossible,
    NoRefusalReason,
    NotItsCorrection,
)
from desk.models import Claim, Claimant, Notice
from desk.notifications import refresh_notices
from desk.notifications.claims import remind_of_claim
from desk.notifications.email_sender import send_due_emails
from desk.tasks import erase_claimants
from newsroom.errors import NotAllowed, Refused
from tests.support import make

pytestmark = pytest.mark.django_db
State, What = Claim.State, Notice.What
MONDAY = "2026-11-09T10:00:00+09:00"


def at(text: str) -> time_machine.travel:
    return time_machine.travel(datetime.fromisoformat(f"{text}+09:00"), tick=False)


@pytest.fixture
def claim(ben: User) -> Claim:
    """A claim of a Monday: to be answered by Thursday the 12th, published by Monday the 16th."""
    with at("2026-11-02T09:00"):
        article = make.live(headline="로봇, 문을 부수다")
    with at("2026-11-09T10:00"):
        return make.claim(article, by=ben)


def published(article: Article) -> Any:
    article.refresh_from_db()
    return [(note["kind"], note["note"]) for note in article.corrections]


# -- what is recorded ----------------------------------------------------------------------------


def test_clocks_follow_from_the_day_of_receipt(claim: Claim) -> None:
    assert claim.reported_on == date(2026, 11, 2)
    assert (claim.answer_by, claim.publish_by) == (date(2026, 11, 12), date(2026, 11, 16))
    assert claim.admissible_until == date(2027, 2, 10)  # the 9th is the substitute day of Seollal
    assert claim.is_admissible


def test_claim_after_its_period_is_recorded_as_too_late(ben: User) -> None:
    with at("2026-01-05T09:00"):
        article = make.live()
    with at("2026-11-09T10:00"):
        claim = make.claim(article)
        assert claim.admissible_until == date(2026, 7, 6)  # the 5th is a Sunday
        assert not claim.is_admissible
        follow_up = make.claim(article, kind=Claim.Kind.FOLLOW_UP, known_on=date(2026, 11, 1))
        assert follow_up.is_admissible


def test_changed_day_of_receipt_counts_the_clocks_anew(claim: Claim, ben: User) -> None:
    earlier = datetime.fromisoformat("2026-11-06T15:00:00+09:00")
    with at("2026-11-09T11:00"):
        changed = edit_claim(claim, by=ben, received_at=earlier, known_on=date(2026, 11, 3))
    assert (changed.answer_by, changed.publish_by) == (date(2026, 11, 9), date(2026, 11, 13))
    assert changed.version == claim.version + 1


def test_claim_needs_a_published_article_and_a_time_that_has_passed(ben: User) -> None:
    with pytest.raises(NeverPublished):
        make.claim(make.planned().article)
    with pytest.raises(ClaimInFuture):
        make.claim(received_at=timezone.now() + timedelta(hours=1))
    with pytest.raises(ClaimInFuture):
        make.claim(known_on=timezone.localdate() + timedelta(days=1))


# -- answer and publication ------------------------------------------------------------------------


def test_accepted_claim_is_published_with_a_note_of_its_kind(claim: Claim, ben: User) -> None:
    with at("2026-11-10T09:00"):
        accept_claim(claim, by=ben, note="같은 자리에 24시간")
        done = publish_for_claim(claim, by=ben, note="문은 열려 있었기에 바로잡습니다.")
    assert (done.state, done.edition and done.edition.number) == (State.PUBLISHED, 2)
    assert published(claim.article) == [("correction", "문은 열려 있었기에 바로잡습니다.")]
    assert done.settled_at
    assert done.days_left(timezone.now()) is None


@pytest.mark.parametrize("kind", list(Claim.Kind))
def test_each_kind_of_claim_has_its_kind_of_correction(kind: Claim.Kind, ben: User) -> None:
    claim = accept_claim(make.claim(kind=kind), by=ben)
    publish_for_claim(claim, by=ben, note="당사자의 말을 싣습니다.")
    assert published(claim.article) == [(kind.value, "당사자의 말을 싣습니다.")]


def test_refused_publication_leaves_the_claim_as_it_was(claim: Claim, ben: User) -> None:
    accept_claim(claim, by=ben)
    with pytest.raises(NoCorrectionNote):
        publish_for_claim(claim, by=ben, note=" ")
    draft = make.draft_of(claim.article)
    make.changed(draft, deck="그 사이에 바뀐 부제")
    with pytest.raises(EditedElsewhere):
        publish_for_claim(claim, by=ben, note="바로잡습니다.", draft_version=draft.version)
    claim.refresh_from_db()
    assert (claim.state, claim.edition) == (State.ACCEPTED, None)


def test_published_correction_is_linked_by_its_number(claim: Claim, ben: User) -> None:
    with at("2026-11-10T09:00"):
        accept_claim(claim, by=ben)
        draft = make.draft_of(claim.article)
        publish_now(draft, by=ben, correction={"kind": "rebuttal", "note": "반론입니다."})
        with pytest.raises(NotItsCorrection):
            link_edition_to_claim(claim, by=ben, edition=2)  # of another kind
        publish_now(draft, by=ben, correction={"kind": "correction", "note": "정정입니다."})
        assert link_edition_to_claim(claim, by=ben, edition=3).state == State.PUBLISHED


def test_refusal_needs_a_ground_of_the_law(claim: Claim, ben: User) -> None:
    with pytest.raises(NoRefusalReason):
        refuse_claim(claim, by=ben, refusal_reason="we do not like it")
    refused = refuse_claim(
        claim, by=ben, refusal_reason=Claim.RefusalReason.UNTRUE, note="영상으로 확인했습니다."
    )
    assert (refused.state, refused.refusal_reason) == (State.REFUSED, "untrue")


def test_arbitration_stops_the_clock_and_may_set_a_day(claim: Claim, ben: User) -> None:
    refuse_claim(claim, by=ben, refusal_reason=Claim.RefusalReason.UNTRUE)
    assert take_claim_to_arbitration(claim, by=ben).due_day is None
    accepted = accept_claim(claim, by=ben, publish_by=date(2026, 12, 24))
    assert accepted.due_day == date(2026, 12, 24)
    assert edit_claim(claim, by=ben, reason="덧붙입니다.").publish_by == date(2026, 12, 24)


VERBS: dict[str, Any] = {
    "accepted": lambda claim, by: accept_claim(claim, by=by),
    "refused": lambda claim, by: refuse_claim(
        claim, by=by, refusal_reason=Claim.RefusalReason.UNTRUE
    ),
    "published": lambda claim, by: publish_for_claim(claim, by=by, note="바로잡습니다."),
    "withdrawn": lambda claim, by: withdraw_claim(claim, by=by),
    "arbitration": lambda claim, by: take_claim_to_arbitration(claim, by=by),
}
POSSIBLE = {
    "received": {"accepted", "refused", "withdrawn", "arbitration"},
    "accepted": {"published", "withdrawn", "arbitration"},
    "refused": {"accepted", "withdrawn", "arbitration"},
    "arbitration": {"accepted", "refused", "published", "withdrawn"},
    "published": set[str](),
    "withdrawn": set[str](),
}
PATHS = {
    "received": [],
    "accepted": ["accepted"],
    "refused": ["refused"],
    "arbitration": ["arbitration"],
    "published": ["accepted", "published"],
    "withdrawn": ["withdrawn"],
}


@pytest.mark.parametrize("state", POSSIBLE)
def test_verbs_are_possible_in_their_states_alone(state: str, ben: User) -> None:
    for verb, act in VERBS.items():
        claim = make.claim()
        for step in PATHS[state]:
            VERBS[step](claim, ben)
        if verb in POSSIBLE[state]:
            assert act(claim, ben).state == verb
        else:
            with pytest.raises(ClaimNotPossible):
                act(claim, ben)


@pytest.mark.parametrize("verb", VERBS)
def test_only_editors_and_chiefs_handle_claims(
    verb: str, claim: Claim, ada: User, mo: User, chief: User
) -> None:
    for person in (ada, mo):
        with pytest.raises(NotAllowed):
            VERBS[verb](claim, person)
    for step in PATHS[verb]:
        VERBS[step](claim, chief)


def test_stale_version_is_refused(claim: Claim, ben: User) -> None:
    edit_claim(claim, by=ben, passage="다른 구절")
    with pytest.raises(ClaimChanged):
        accept_claim(claim, by=ben, version=claim.version)


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_of_two_answers_at_once_one_is_given() -> None:
    make.reference_rows()
    claim, ben = make.claim(), make.ben()

    def answer(number: int) -> Any:
        if number:
            reason = Claim.RefusalReason.UNTRUE
            return refuse_claim(claim, by=ben, refusal_reason=reason, version=claim.version)
        return accept_claim(claim, by=ben, version=claim.version)

    outcomes = make.race(2, answer)
    assert sum(isinstance(outcome, Refused) for outcome in outcomes) == 1
    assert Entry.objects.filter(verb__in=("accepted_claim", "refused_claim")).count() == 1


# -- reminders -------------------------------------------------------------------------------------


def reminders(claim: Claim) -> list[str]:
    rows = Notice.objects.filter(kind="desk.claim", subject=claim.pk).order_by("pk")
    return [notice.what for notice in rows]


def test_reminders_come_once_each(claim: Claim) -> None:
    """The day before from nine, on the day from nine, and when the day is over."""
    expected = ["claim_received"]
    assert reminders(claim) == expected
    for moment, what in (
        ("2026-11-10T18:00", None),
        ("2026-11-11T08:59", None),
        ("2026-11-11T09:00", "claim_soon"),
        ("2026-11-12T08:00", None),
        ("2026-11-12T09:00", "claim_today"),
        ("2026-11-12T23:59", None),
        ("2026-11-13T00:00", "claim_late"),
        ("2026-11-20T10:00", None),
    ):
        expected += [what] if what else []
        for _ in range(2):
            with at(moment):
                refresh_notices()
            assert reminders(claim) == expected, moment


def test_answer_closes_reminders_and_starts_the_clock_of_publication(
    claim: Claim, ben: User
) -> None:
    with at("2026-11-12T09:00"):
        refresh_notices()
        accept_claim(claim, by=ben)
        refresh_notices()
        assert not Notice.objects.unresolved().exists()
    with at("2026-11-15T09:00"):
        refresh_notices()
    notice = Notice.objects.unresolved().get()
    assert notice.what == What.CLAIM_SOON
    assert notice.reason == f"{claim}: 2026년 11월 16일까지 실어야 합니다."


def test_reminder_is_mailed_without_the_claimants_name(claim: Claim, chief: User) -> None:
    with at("2026-11-13T09:00"):
        refresh_notices()
        send_due_emails()
    letters = [letter for letter in mail.outbox if "지났" in letter.subject + str(letter.body)]
    assert {to for letter in letters for to in letter.to} >= {
        "ben@example.com",
        "chief@example.com",
    }
    assert all("김문지기" not in letter.body for letter in mail.outbox)


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_two_workers_remind_once() -> None:
    make.reference_rows()
    with at("2026-11-09T10:00"):
        claim = make.claim()
    now = datetime.fromisoformat("2026-11-12T10:00:00+09:00")
    outcomes = make.race(2, lambda _number: remind_of_claim(claim.pk, now))
    assert sorted(map(str, outcomes)) == ["False", "True"]
    assert reminders(claim).count("claim_today") == 1


def test_running_clocks_are_listed_most_urgent_first(claim: Claim, ben: User) -> None:
    with at("2026-11-10T10:00"):
        later, answered = make.claim(claim.article), make.claim(claim.article)
        withdraw_claim(answered, by=ben)
    now = datetime.fromisoformat("2026-11-13T10:00:00+09:00")
    rows = list(Claim.objects.with_running_clocks(now))
    assert [(row.pk, row.is_late) for row in rows] == [(claim.pk, True), (later.pk, False)]
    assert [row.days_left(now) for row in rows] == [-1, 0]


# -- personal data ---------------------------------------------------------------------------------


def test_audit_log_and_notices_have_no_personal_data(claim: Claim, ben: User) -> None:
    edit_claim(claim, by=ben, claimant={"name": "김문지기", "address": "서울시 문로 1"})
    accept_claim(claim, by=ben, note="김문지기 씨와 합의")
    texts = [f"{e.label} {e.details} {e.by_name}" for e in Entry.objects.all()]
    texts += [f"{n.label} {n.reason}" for n in Notice.objects.all()]
    assert not [text for text in texts if "김문지기" in text or "문로" in text]


def test_personal_data_are_deleted_after_their_retention(claim: Claim, ben: User) -> None:
    with at("2026-11-10T10:00"):
        withdraw_claim(claim, by=ben)
    with at("2029-11-08T10:00"):
        assert erase_claimants() == "0 claims"
    with at("2029-11-10T10:00"):
        assert erase_claimants() == "1 claims"
        assert erase_claimants() == "0 claims"
    claim.refresh_from_db()
    assert not Claimant.objects.exists()
    assert (claim.reason, claim.wanted_text, claim.answer_note) == ("", "", "")
    assert (claim.passage, claim.state) == ("로봇이 문을 부쉈다.", State.WITHDRAWN)


def test_claim_of_an_erased_article_is_closed_and_not_published(claim: Claim, chief: User) -> None:
    accept_claim(claim, by=chief)
    order: Any = {"reason": "법원 결정", "reference": "2026카합0000"}
    erase_article(claim.article, by=chief, slug=claim.article.slug, **order)
    with pytest.raises(AlreadyErased):
        publish_for_claim(claim, by=chief, note="바로잡습니다.")
    assert edit_claim(claim, by=chief, known_on=date(2026, 11, 3)).passage == ""
    assert withdraw_claim(claim, by=chief).state == State.WITHDRAWN
