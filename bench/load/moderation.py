"""Loader of a moderation queue: `python -m bench.load.moderation ITEMS`. Prints a moderator's session.

Half of the comments are held for a word, half are reported by readers whose accounts are old enough. Into a
newsroom with a live article (`prepare --with-demo`).
"""

import sys
from datetime import timedelta

import django

if __name__ == "__main__":
    django.setup()

from django.conf import settings
from django.test import Client
from django.utils import timezone

from accounts.models import User
from articles.models import Article
from comments.actions import approve_writer, post_comment, report_comment
from tests.support import make

WRITERS = 20


def main(items: int) -> None:
    moderator = make.staff("bench-moderator", role="moderator")
    writers = [make.reader(f"writer{number}") for number in range(WRITERS)]
    reporters = [make.reader(f"reporter{number}") for number in range(3)]
    people = [person.pk for person in (*writers, *reporters)]
    User.objects.filter(pk__in=people).update(date_joined=timezone.now() - timedelta(days=400))
    for writer in writers:
        writer.refresh_from_db()
        approve_writer(writer, by=moderator)
    for reporter in reporters:
        reporter.refresh_from_db()
    articles = list(Article.objects.live().order_by("pk"))
    for number in range(items):
        writer, article = writers[number % WRITERS], articles[number % len(articles)]
        word = "바보 같은 " if number % 2 else ""
        text = (
            f"{number}번째로 {word}의견을 적어 봅니다. 로봇이 문을 여는 데 {number}초가 걸렸다지요."
        )
        comment = post_comment(article, by=writer, text=text)
        if comment.is_visible():
            for reporter in reporters[: 1 + number % 3]:
                report_comment(comment.pk, reason="abuse", by=reporter)
    client = Client()
    client.force_login(moderator)
    print(f"{settings.SESSION_COOKIE_NAME}={client.cookies[settings.SESSION_COOKIE_NAME].value}")


if __name__ == "__main__":
    main(int(sys.argv[1]))
