"""Which nicknames are refused, and when one can be changed."""

import sys
import unicodedata
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from accounts.actions import change_nickname, check_nickname, close_account, reset_nickname, suspend
from accounts.actions.retention import delete_outdated_identities
from accounts.errors import (
    InvalidNickname,
    NicknameReserved,
    NicknameTaken,
    Suspended,
)
from accounts.models import NicknameChange, User
from accounts.nicknames import is_invalid_nickname, normalize_nickname, skeleton
from accounts.nicknames.skeleton import similar_letters
from articles.models import Masthead
from tests.accounts.test_accounts_api import APP, SOL, send
from tests.support import make

DESK_LOOKALIKES = [
    *(
        "괸리자",
        "꽌리자",
        "관ㄹ丨자",
        "펀집부",
        "편집뷰팀장편집부",
        "운영팀",
        "뉴스룸 알림",
        "ɑdmin",
        "adrnin",
    ),
    *(
        "аdmіn",
        "αdmin",
        "ｍoderator",
        "rnoderator",
        "𝓪𝓭𝓶𝓲𝓷",
        "nevvsroom",
        "NEWSR00M",
        "ed1tor",
        "관리자99",
    ),
    *(
        "관ㆍ리ㆍ자",
        "관|리|자",
        "운1영자",
        "관리人",
        "뉴스륨",
        "🅰dmin",
        "🇦dmin",
        "어드민",
        "웹마스터",
    ),
    *("뉴스데스크", "관리팀", "공식뉴스", "管理者", "관.리.자"),
    *("editorialadmin", "뉴스룸독자팀", "badmin", "취재팀 응원단장", "고객센터"),
]


@pytest.mark.parametrize("name", DESK_LOOKALIKES)
def test_words_of_the_desk_are_refused_in_any_spelling(name: str) -> None:
    """community B41."""
    assert is_invalid_nickname(normalize_nickname(name))


@pytest.mark.parametrize(
    "name",
    [
        *(
            "http://a.co",
            "a.co",
            "www.aa",
            "naver.com 오세요",
            "광고.한국",
            "me@x.y",
            "카톡방닷컴",
            "ａ．ｃｏ",
            "t.me 문의",
            "BIT.LY",
        ),
        *("가\u0300\u0301\u0302나", "a\u0301\u0301\u0301b", "\u0301가나", "가\u20dd나다"),
    ],
)
def test_links_and_piled_marks_are_refused(name: str) -> None:
    assert is_invalid_nickname(normalize_nickname(name))


@pytest.mark.parametrize(
    "name",
    [
        *(
            "꽁치구이",
            "공지천 산책",
            "거부키스",
            "성공지름길",
            "모키토",
            "윤영자",
            "새벽산책",
            "Nguyễn Thị",
            "é́toile",
        ),
        *(
            "기자회견 애청자",
            "v1.2",
            "3.14",
            "가.나",
            "알림장",
            "부장품",
            "wanderer",
            "modern 가족",
        ),
        *("1반2반", "가ㆍ나", "ㅣ하늘ㅣ", "🅰형이네", "하루1운영", "관리비", "운영2동"),
        *("minsu.kim", "j.kim", "J.Park", "jae.min", "Kim.Min", "hello.world"),
        *(
            "editorial",
            "badminton",
            "탈퇴한다",
            "취재팀응원",
            "고객센터직원아님",
            "뉴스룸독자",
            "뉴스룸독자7",
        ),
    ],
)
def test_ordinary_names_that_resemble_them_are_accepted(name: str) -> None:
    assert not is_invalid_nickname(normalize_nickname(name))


def test_no_code_point_that_shows_nothing_is_left_in_a_nickname() -> None:
    """community B02: by the Unicode properties, over all code points."""
    unshown = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}
    for code in range(sys.maxunicode + 1):
        character = chr(code)
        if unicodedata.category(character) in unshown or code in {0x3164, 0x115F, 0xFFA0, 0x2800}:
            stored = normalize_nickname(f"가{character}나")
            assert is_invalid_nickname(stored) or character not in stored, hex(code)
            assert is_invalid_nickname(normalize_nickname(character * 3)), hex(code)


def test_names_that_look_alike_have_one_skeleton() -> None:
    for name, other in [
        ("ɑpple", "apple"),
        ("modern", "rnodern"),
        ("раураl", "paypa1"),
        ("vv", "w"),
    ]:
        assert skeleton(name) == skeleton(other)
    assert similar_letters("괸") == similar_letters("관")
    assert skeleton("배나무") != skeleton("베나무")


def test_names_of_the_newsroom_are_kept_for_it(chi: User) -> None:
    """community B41: bylines with and without a title, mascots, the paper."""
    make.author("배로운")
    Masthead.objects.update_or_create(pk=1, defaults={"name": "모두의 신문"})
    for name in (
        *(
            "배로운",
            "배로운 기자",
            "배 로 운",
            "배로운기자님",
            "배로운2",
            "공식 배로운",
            "배로운팀장",
        ),
        *(
            "부키",
            "모키봇",
            "부 키",
            "부키와 모키",
            "부키123",
            "모키2호",
            "부키 2세",
            "배로운 기자 3호",
            "모두의신문",
            "모두의 신문 공식",
            "공지",
            "데스크님",
        ),
        *("기자 배로운", "취재기자 배로운", "배로운 수석기자", "배로운 논설", "배로운 경제부"),
        *(
            "배로운 경제부 기자",
            "뉴스 배로운",
            "배로운ㅣ기자",
            "배ㆍ로ㆍ운",
            "AI픽 기자",
            "에이아이픽",
        ),
        *("사회부 기자", "경제부", "스태프", "북키", "부끼", "모끼", "모끼님"),
    ):
        with pytest.raises((NicknameReserved, InvalidNickname)):
            change_nickname(chi, nickname=name)
    assert change_nickname(chi, nickname="배로운 하루").nickname == "배로운 하루"
    for name in (
        "모기",
        "부기",
        "AI픽셀아트",
        "경제부자",
        "기자회견",
        "뉴스 보는 배로운",
        "2호선 승객",
        "은하철도 3호",
    ):
        assert check_nickname(name, by=chi) == name


def test_mascots_of_a_poll_are_kept_for_the_newsroom(chi: User) -> None:
    sides = [side | {"persona": f"두루{n}"} for n, side in enumerate(make.poll_data()["sides"], 1)]
    make.live(poll=make.poll_data(sides=sides))
    with pytest.raises(NicknameReserved):
        change_nickname(chi, nickname="두루1 님")


@pytest.mark.django_db
def test_nicknames_are_screened_by_the_filter_of_comments(chi: User, settings: Any) -> None:
    settings.COMMENT_MODERATED_WORDS = ["감자"]
    with pytest.raises(InvalidNickname):
        change_nickname(chi, nickname="감 자 도리")


def test_a_nickname_changes_once_in_thirty_days(chi: User, as_user: Any) -> None:
    """faults I6."""
    client = as_user(chi)
    assert client.patch("/api/v1/me/", {"nickname": "새벽산책"}, format="json").status_code == 200
    again = client.patch("/api/v1/me/", {"nickname": "저녁산책"}, format="json")
    assert (again.status_code, again.json()["code"]) == (409, "nickname_too_soon")
    assert again.json()["until"]
    NicknameChange.objects.update(changed_at=timezone.now() - timedelta(days=30))
    assert client.patch("/api/v1/me/", {"nickname": "저녁산책"}, format="json").status_code == 200


def test_a_former_nickname_is_kept_from_others_for_ninety_days(chi: User, mal: User) -> None:
    change_nickname(chi, nickname="새벽산책")
    for name in ("chi", "c h i"):
        with pytest.raises(NicknameTaken):
            change_nickname(mal, nickname=name)
    NicknameChange.objects.update(changed_at=timezone.now() - timedelta(days=90, seconds=1))
    assert change_nickname(mal, nickname="chi").nickname == "chi"


def test_one_takes_ones_own_former_nickname_back(chi: User) -> None:
    change_nickname(chi, nickname="새벽산책")
    NicknameChange.objects.update(changed_at=timezone.now() - timedelta(days=31))
    assert change_nickname(chi, nickname="chi").nickname == "chi"


def test_former_nicknames_of_a_closed_account_are_erased_and_stay_kept(
    chi: User, mal: User
) -> None:
    change_nickname(chi, nickname="새벽산책")
    close_account(chi)
    assert list(NicknameChange.objects.values_list("former", "nickname")) == [("", "")]
    for name in ("chi", "새벽산책"):
        with pytest.raises(NicknameTaken):
            change_nickname(mal, nickname=name)
    delete_outdated_identities(timezone.now() + timedelta(days=366))
    assert not NicknameChange.objects.exists()


def test_a_suspended_reader_keeps_the_nickname(chi: User, mo: User) -> None:
    """community B24."""
    suspend(chi, until=timezone.now() + timedelta(hours=1), reason="도배", by=mo)
    with pytest.raises(Suspended):
        change_nickname(chi, nickname="새벽산책")


def test_a_moderator_sees_changes_and_resets_a_nickname(chi: User, mo: User, as_user: Any) -> None:
    change_nickname(chi, nickname="새벽산책")
    client = as_user(mo)
    page = client.get("/admin/accounts/nicknamechange/").content.decode()
    assert "새벽산책" in page
    assert f"/admin/accounts/user/{chi.pk}/change/" in page
    pressed = client.post(f"/admin/accounts/user/{chi.pk}/press/reset-nickname/", {"next": ""})
    assert pressed.status_code == 302
    assert User.objects.get(pk=chi.pk).nickname.startswith("독자")
    reset_nickname(chi, by=mo)
    assert change_nickname(User.objects.get(pk=chi.pk), nickname="저녁산책").nickname == "저녁산책"


def test_a_nickname_that_staff_took_away_is_refused_to_its_former_bearer_too(
    chi: User, mal: User, mo: User
) -> None:
    change_nickname(chi, nickname="꽃길산책")
    reset_nickname(chi, by=mo)
    for name in ("꽃길산책", "꽃 길 산 책"):
        with pytest.raises(NicknameTaken):
            change_nickname(chi, nickname=name)
    NicknameChange.objects.update(changed_at=timezone.now() - timedelta(days=91))
    with pytest.raises(NicknameTaken):
        change_nickname(chi, nickname="꽃길산책")
    assert change_nickname(chi, nickname="저녁산책").nickname == "저녁산책"
    assert change_nickname(mal, nickname="chi").nickname == "chi"


def test_the_list_of_changes_needs_the_right_to_suspend(ada: User, chi: User, as_user: Any) -> None:
    for user in (ada, chi):
        assert as_user(user).get("/admin/accounts/nicknamechange/").status_code in {302, 403}


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("name", "code"),
    [("부키님", "nickname_reserved"), ("a.co", "nickname_unfit"), ("괸리자", "nickname_unfit")],
)
def test_sign_up_refuses_the_same_nicknames(name: str, code: str) -> None:
    refused = send(f"{APP}/signup", SOL | {"nickname": name})
    assert refused.status_code == 400
    assert refused.json()["errors"][0]["code"] == code
    assert not User.objects.exists()
