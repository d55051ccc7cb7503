"""Where readers come from: the class of a referrer is counted, per article and day, and nothing more."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.utils import timezone

from articles.models import Article, HourlyViews, RecentView, ReferrerViews
from articles.models.page_views import ARCHIVE_DAY
from articles.readership.referrers import classify_referrer
from articles.readership.stores import parse_buffered_views
from articles.readership.view_counts import add_views, count_pending_views, purge_old_views
from tests.support.clients.view_beacons import BROWSER_USER_AGENT, post_view

OWN_HOSTS = {"news.example"}
KAKAO_BROWSER = f"{BROWSER_USER_AGENT} KAKAOTALK/10.9.5 (INAPP)"
NAVER_BROWSER = f"{BROWSER_USER_AGENT} NAVER(inapp; search; 2000; 12.6.2; 16PRO)"


@pytest.mark.parametrize(
    ("referrer", "expected"),
    [
        ("", "direct"),
        ("https://search.naver.com", "search"),
        ("https://m.search.naver.com/search.naver?query=x", "search"),
        ("https://search.daum.net", "search"),
        ("https://www.google.com", "search"),
        ("https://www.google.co.kr/url?q=x", "search"),
        ("https://google.de", "search"),
        ("https://www.bing.com", "search"),
        ("https://duckduckgo.com", "search"),
        ("android-app://com.google.android.googlequicksearchbox/https/www.google.com", "search"),
        ("https://www.naver.com", "portal"),
        ("https://n.news.naver.com", "portal"),
        ("https://v.daum.net", "portal"),
        ("https://news.google.com", "portal"),
        ("https://m.facebook.com", "social"),
        ("https://l.facebook.com/l.php?u=x", "social"),
        ("https://t.co/abc", "social"),
        ("https://x.com", "social"),
        ("https://www.youtube.com", "social"),
        ("https://story.kakao.com", "social"),
        ("android-app://com.kakao.talk/", "social"),
        ("https://news.example", "internal"),
        ("http://news.example:8000/articles/a/", "internal"),
        ("https://NEWS.example.", "internal"),
        ("https://mail.naver.com", "other"),
        ("https://mail.google.com", "other"),
        ("https://blog.example.org", "other"),
        ("https://notnaver.com", "other"),
        ("https://naver.com.evil.example", "other"),
        ("https://google.evil.example", "other"),
        ("https://sub.news.example", "other"),
        ("android-app://com.example.reader/", "other"),
        ("about:blank", "direct"),
        ("null", "direct"),
        ("data:text/html,hello", "direct"),
        ("javascript:alert(1)", "direct"),
        ("{}", "direct"),
        ("http://[", "direct"),
        ("https://", "direct"),
        ("https://" + "a." * 400 + "com", "direct"),
        ("\x00\ufffd", "direct"),
    ],
)
def test_a_referrer_has_one_class(referrer: str, expected: str) -> None:
    kind = classify_referrer(referrer, own_hosts=OWN_HOSTS, user_agent=BROWSER_USER_AGENT)
    assert kind.value == expected


@pytest.mark.parametrize(
    ("user_agent", "referrer", "expected"),
    [
        (KAKAO_BROWSER, "", "social"),
        (NAVER_BROWSER, "", "portal"),
        (f"{BROWSER_USER_AGENT} DaumApps/4.9.2 DaumDevice/mobile", "", "portal"),
        (f"{BROWSER_USER_AGENT} [FBAN/FB4A;FBAV/400]", "", "social"),
        (KAKAO_BROWSER, "https://search.naver.com", "search"),
        (NAVER_BROWSER, "https://news.example", "internal"),
    ],
)
def test_without_a_referrer_the_browser_of_an_app_tells_the_class(
    user_agent: str, referrer: str, expected: str
) -> None:
    kind = classify_referrer(referrer, own_hosts=OWN_HOSTS, user_agent=user_agent)
    assert kind.value == expected


@pytest.fixture
def _buffer_in_database(settings: Any) -> None:
    settings.REDIS_URL = ""


def referrers_of(article: Article) -> dict[str, int]:
    """{class: views} of an article on all days, after pending views were counted."""
    count_pending_views()
    rows = ReferrerViews.objects.filter(article=article)
    return dict(rows.order_by("referrer").values_list("referrer", "views"))


@pytest.mark.django_db
@pytest.mark.usefixtures("_buffer_in_database")
def test_views_are_counted_by_class_and_repeated_views_are_not(article: Article) -> None:
    for n, body in enumerate(
        (
            b"https://search.naver.com",
            b"https://www.google.com",
            b"",
            b"\xff\x00",
            b"http://testserver",
        )
    ):
        post_view(article.slug, address=f"203.0.113.{n}", body=body)
    post_view(article.slug, address="203.0.113.0", body=b"https://x.com")  # has just been here
    assert referrers_of(article) == {"direct": 2, "internal": 1, "search": 2}
    assert sum(HourlyViews.objects.values_list("views", flat=True)) == 5


@pytest.mark.django_db
@pytest.mark.usefixtures("_buffer_in_database")
def test_no_address_of_a_referrer_is_stored(article: Article) -> None:
    secret = "https://mal.example.org/diary?name=secret"
    post_view(article.slug, body=secret.encode())
    columns = set(RecentView.objects.values_list("key", "referrer"))
    count_pending_views()
    assert {referrer for _key, referrer in columns} == {"other"}
    with connection.cursor() as cursor:
        for table in ("articles_recentview", "articles_referrerviews"):
            cursor.execute(f"SELECT * FROM {table}")
            assert "mal.example" not in str(cursor.fetchall())


@pytest.mark.django_db
@pytest.mark.usefixtures("_buffer_in_database")
def test_days_are_those_of_korea(article: Article) -> None:
    for moment in (
        datetime(2026, 5, 1, 14, 59, tzinfo=UTC),
        datetime(2026, 5, 1, 15, 0, tzinfo=UTC),
    ):
        with time_machine.travel(moment, tick=False):
            post_view(article.slug, address=f"203.0.113.{moment.hour}")
            count_pending_views()
    days = list(ReferrerViews.objects.order_by("day").values_list("day", flat=True))
    assert days == [date(2026, 5, 1), date(2026, 5, 2)]


@pytest.mark.django_db
def test_buffered_views_of_the_former_version_are_direct(article: Article) -> None:
    hour = int(datetime(2026, 5, 1, 3, tzinfo=UTC).timestamp())
    views = parse_buffered_views({f"{article.pk}:{hour}": "2", f"{article.pk}:{hour}:search": "3"})
    assert add_views(views) == 5
    assert referrers_of(article) == {"direct": 2, "search": 3}
    assert HourlyViews.objects.get().views == 5


@pytest.mark.django_db
def test_old_days_are_merged_and_keep_their_classes(article: Article) -> None:
    now = timezone.now()
    for days in (1, 95, 96, 300):
        for referrer in ("search", "portal"):
            ReferrerViews.objects.create(
                article=article, day=timezone.localdate(now) - timedelta(days=days), referrer=referrer,
                views=days,
            )  # fmt: skip
    purge_old_views(now=now, batch_size=1)
    rows = ReferrerViews.objects.order_by("-day", "referrer").values_list(
        "day", "referrer", "views"
    )
    recent = timezone.localdate(now) - timedelta(days=1)
    assert list(rows) == [
        (recent, "portal", 1), (recent, "search", 1),
        (ARCHIVE_DAY, "portal", 491), (ARCHIVE_DAY, "search", 491),
    ]  # fmt: skip
