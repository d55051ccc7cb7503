"""Two editors, or an editor and the agency, at the same draft at the same moment (PostgreSQL)."""

from collections.abc import Callable
from typing import Any

import pytest

from desk.actions import edit, start_from_wire, take_over_change, use_current_copy
from desk.errors import EditedElsewhere, NothingToStartFrom
from desk.errors.wire import CopyChanged
from desk.models import Draft, DraftVersion
from tests.desk.agency.newsroom import CANCELLED, CORRECTED, TITLE, arrives, yonhap
from tests.desk.agency.test_agency_races import one_while_other_waits
from tests.support import make
from tests.support.formats.wire_copy import agency_copy
from wire.actions import insert_delivery
from wire.tasks import parse_waiting

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]
FIRST = ("시는 강변길을 다시 연다.", "공사는 석 달 걸렸다.", "자전거도 다닌다.", "입장은 무료다.")
SECOND = ("시는 강변길을 또 연다.", "공사는 넉 달 걸렸다.", "자전거도 다닌다.", "입장은 무료다.")


@pytest.fixture
def draft(db: None) -> Draft:
    make.reference_rows()
    draft = start_from_wire(arrives(TITLE, body=FIRST), by=make.staff("ada", role="reporter"))
    arrives(CORRECTED, hour=12, body=SECOND)
    return draft


def taking(draft: Draft, number: int, *, by: Any) -> Callable[[], Draft]:
    """Take change `number` of the text over, as somebody does who has read the draft as it is now."""
    used = draft.wire_version
    assert used
    assert used.story.current_id
    given: Any = {"before": used.pk, "after": used.story.current_id, "version": draft.version}
    return lambda: take_over_change(draft, part="text", number=number, by=by, **given)


def test_of_two_editors_one_reads_again(draft: Draft) -> None:
    """The second decided on a draft without the first one's change: nothing is overwritten."""
    ben, ada = make.ben(), draft.created_by
    one, other = one_while_other_waits(taking(draft, 0, by=ben), taking(draft, 1, by=ada))
    assert isinstance(one, Draft), one
    assert isinstance(other, EditedElsewhere), other
    now = Draft.objects.get()
    assert "강변길을 또 연다" in now.body
    assert "석 달" in now.body
    again = taking(now, 1, by=ada)()
    assert "강변길을 또 연다" in again.body
    assert "넉 달" in again.body
    assert DraftVersion.objects.filter(draft=draft).count() == again.version


def test_an_edit_meanwhile_is_not_overwritten(draft: Draft) -> None:
    ben = make.ben()
    body = draft.body.replace("자전거도", "자전거와 유모차도")
    one, other = one_while_other_waits(
        lambda: edit(draft, by=ben, version=draft.version, body=body),
        taking(draft, 1, by=draft.created_by),
    )
    assert isinstance(one, Draft), one
    assert isinstance(other, EditedElsewhere), other
    assert "유모차" in Draft.objects.get().body


@pytest.mark.parametrize(
    ("headline", "refusal"), [(CORRECTED, CopyChanged), (CANCELLED, NothingToStartFrom)]
)
def test_copy_that_changes_meanwhile_is_not_taken(
    draft: Draft, headline: str, refusal: type[Exception]
) -> None:
    """The agency's next text, or its cancellation, is filed first; the editor reads that instead."""
    used = draft.wire_version
    assert used
    assert used.story.current_id
    given: Any = {"after": used.story.current_id, "by": make.ben(), "version": draft.version}
    raw = agency_copy(headline, sent="2026-10-01 14:00:00", body=["시는 강변길을 닫는다."])
    insert_delivery(yonhap(), raw=raw, name="", content_type="", by=None)
    one, other = one_while_other_waits(parse_waiting, lambda: use_current_copy(draft, **given))
    assert not isinstance(one, Exception), one
    assert isinstance(other, refusal), other
    assert Draft.objects.get().wire_version == used
