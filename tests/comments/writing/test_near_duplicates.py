"""Near-duplicates of comments: almost the same text, by one writer anywhere or by others on one story."""

import random
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from articles.models import Article
from comments.actions import delete_comment, edit_comment, post_comment
from comments.actions.similarity import delete_old_bands
from comments.models import Comment, SimilarityBand
from comments.near_duplicates import candidates
from comments.recent_comments import ROWS_PER_STATEMENT, recent_comments
from newsroom.text.simhash import BANDS, bands_of, letters_of, pair_similarity, probes_of
from tests.support import make
from tests.support.clients.comment_client import backdate_comment
from tests.support.query_plans import plan_of

pytestmark = pytest.mark.django_db

TEXT = "이 정책은 동네 가게를 살리기는커녕 골목 상권을 더 빠르게 무너뜨릴 것이라고 생각합니다"
# The same to a reader: other punctuation, invisible characters, two letters changed.
VARIANTS = [
    "이 정책은 동네 가게를 살리기는커녕, 골목 상권을 더 빠르게 무너뜨릴 것이라고 생각합니다!!!",
    "이정책은 동네가게를 살리기는커녕 골목상권을 더 빠르게 무너뜨릴것이라고 생각합니다",
    "\u200b".join(TEXT),
    "이 정책은 동네 가계를 살리기는커녕 골목 상권을 더 빠르게 무너트릴 것이라고 생각합니다",
    "이 정책은 우리네 가게를 살리기는커녕 골목 상권을 더 빠르게 무너뜨릴 것이라고 생각합니다 ㅋㅋ",
]
OTHERS = [
    "이 정책이 동네 가게에 도움이 되려면 임대료부터 손봐야 한다고 봅니다 저만 그런가요",
    "골목 상권이 무너진다는 말은 십 년 전에도 있었는데 정작 통계는 다르더군요",
    "기사 잘 읽었습니다 다음에는 다른 도시의 사례도 함께 다루어 주시면 좋겠습니다",
]


@pytest.fixture
def mallory() -> User:
    return make.reader("mallory")


@pytest.mark.parametrize("variant", VARIANTS)
def test_nearly_the_same_by_another_account_on_one_story_is_held(
    article: Article, chi: User, mal: User, variant: str
) -> None:
    """community B07, B11."""
    assert post_comment(article, by=chi, text=TEXT).state == "visible"
    second = post_comment(article, by=mal, text=variant)
    assert second.state == "held"
    assert "다른 사람의 댓글과 거의 같음" in second.reason
    second.findings.get().full_clean()  # PostgreSQL refuses the name of a rule that is too long


def test_a_repeat_is_found_behind_many_other_comments_of_the_day(
    article: Article, chi: User
) -> None:
    """community B11: the comments of the day are read in several statements."""
    post_comment(make.live(headline="다른 기사"), by=chi, text="돌려 쓰는 긴 인사말입니다")
    others = 2 * ROWS_PER_STATEMENT
    rows = (
        Comment(article=article, author=chi, text=f"{n}", fingerprint=f"{n}") for n in range(others)
    )
    Comment.objects.bulk_create(rows)
    repeated = post_comment(article, by=chi, text="돌려 쓰는 긴 인사말입니다")
    assert (repeated.state, repeated.findings.get().rule) == ("held", "repeat")
    assert [len(recent_comments(chi)), len(recent_comments(make.reader("sol")))] == [others + 2, 0]
    with CaptureQueriesContext(connection) as queries:
        recent_comments(chi)
    assert len(queries) == 3


@pytest.mark.parametrize("variant", VARIANTS)
def test_nearly_the_same_by_one_account_is_held_on_any_story(
    article: Article, chi: User, variant: str
) -> None:
    """community B11."""
    post_comment(article, by=chi, text=TEXT)
    second = post_comment(make.live(headline="다른 기사"), by=chi, text=variant)
    assert second.state == "held"
    assert (
        "글쓴이의 다른 댓글과 거의 같음" in second.reason or "다른 기사에도 같은" in second.reason
    )


def test_other_texts_and_short_ones_are_not_held(
    article: Article, chi: User, mal: User, mallory: User
) -> None:
    """community B11: what many people say alike is no duplicate."""
    post_comment(article, by=chi, text=TEXT)
    for number, text in enumerate(OTHERS):
        writer = (mal, mallory)[number % 2]
        assert post_comment(article, by=writer, text=text).state == "visible", text
    short = "좋은 기사 잘 읽었습니다. 응원합니다!"
    for writer in (chi, mal, mallory):
        assert post_comment(article, by=writer, text=short).state == "visible"
    other = make.live(headline="다른 기사")
    assert post_comment(other, by=mal, text=TEXT).state == "visible"  # of another story


def test_the_window_ends_and_deleted_comments_do_not_count(
    article: Article, chi: User, mal: User
) -> None:
    """community B11."""
    first = post_comment(article, by=chi, text=TEXT)
    SimilarityBand.objects.update(posted_at=first.created_at - timedelta(hours=25))
    backdate_comment(first.pk, hours=25)
    second = post_comment(article, by=chi, text=VARIANTS[0])
    assert second.state == "visible"
    assert delete_old_bands() == BANDS
    delete_comment(second, by=chi)
    assert not SimilarityBand.objects.exists()
    assert post_comment(article, by=mal, text=VARIANTS[1]).state == "visible"


def test_an_edit_is_compared_too_but_not_with_itself(
    article: Article, chi: User, mal: User
) -> None:
    """community B11."""
    own = post_comment(article, by=chi, text=TEXT)
    assert edit_comment(own, by=chi, text=VARIANTS[3]).state == "visible"
    other = post_comment(article, by=mal, text=OTHERS[0])
    assert edit_comment(other, by=mal, text=VARIANTS[0]).state == "held"


def test_candidates_are_looked_up_in_an_index(article: Article, chi: User) -> None:
    """community B11: however many comments the story and others have."""
    comment = post_comment(article, by=chi, text=TEXT)
    for each in (article, make.live()):
        SimilarityBand.objects.bulk_create(
            SimilarityBand(comment=comment, article=each, band=10_000 + n) for n in range(1_000)
        )
    with CaptureQueriesContext(connection) as captured:
        assert candidates(article, probes_of(bands_of(letters_of(VARIANTS[3])))) == [comment.pk]
    [query] = captured.captured_queries
    plan = plan_of(query["sql"], analyzed=[SimilarityBand], bitmaps=False)
    assert "comments_by_band" in plan, plan
    assert "Index Only Scan" in plan or "COVERING INDEX" in plan, plan


def changed(text: str, number: int, chance: random.Random) -> str:
    letters = list(text)
    for place in chance.sample(range(len(letters)), number):
        letters[place] = chr(chance.randrange(0xAC00, 0xD7A4))
    return "".join(letters)


def test_texts_with_two_letters_changed_have_nearly_the_same_bands() -> None:
    """community B11: figures of the SimHash, with fixed chance."""
    chance = random.Random(11)
    syllables = letters_of(TEXT + "".join(OTHERS))
    near_bands, unrelated_bands = [], []
    for _ in range(200):
        text = "".join(chance.choices(syllables, k=30))
        near = changed(text, 2, chance)
        assert pair_similarity(text, near) >= 0.75
        probes = set(probes_of(bands_of(text)))
        near_bands.append(len(probes & set(bands_of(near))))
        unrelated = "".join(chance.choices(syllables, k=30))
        unrelated_bands.append(len(probes & set(bands_of(unrelated))))
    assert sum(n >= 1 for n in near_bands) >= 199
    assert sum(n >= 3 for n in near_bands) >= 180
    assert sum(n >= 3 for n in unrelated_bands) <= 10
    assert max(pair_similarity(letters_of(TEXT), letters_of(text)) for text in OTHERS) < 0.4


@pytest.mark.parametrize("text", ["가" * 1000, "ab" * 500, "", "😀", "①②③", "ＡＢＣ"])
def test_any_text_has_eight_bands(text: str) -> None:
    letters = letters_of(text)
    assert [band >> 8 for band in bands_of(letters)] == list(range(BANDS))
    assert pair_similarity(letters, letters) == 1


def test_a_comment_without_bands_is_none_of_the_candidates(article: Article, chi: User) -> None:
    post_comment(article, by=chi, text="짧은 글입니다")
    assert Comment.objects.count() == 1
    assert not SimilarityBand.objects.exists()
