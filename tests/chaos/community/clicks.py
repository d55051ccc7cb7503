"""What one of the crowd does: a random change by a random reader."""

import random
from collections.abc import Callable
from typing import Any

from accounts.models import User
from articles.models import Article
from comments.actions import (
    delete_comment,
    edit_comment,
    hide_comment,
    hold_comment,
    post_comment,
    react_to_comment,
    remove_reaction,
    report_comment,
    show_comment,
)
from comments.models import Comment, Report
from newsroom.errors import Refused
from pages.account_data import delete_account
from polls.actions import cast_vote, retract_vote
from polls.api.voter_cookie import new_voter_id
from polls.voter_key import Voter
from saves.actions import save_article, unsave_article

SYLLABLES = "가나다라마바사아자차카타파하고노도로모보소오조초코토포호"
COMMENTS_IN_SIGHT = 400  # the newest, so that many meet at one


class Crowd:
    """Readers and stories, and the clicks that one of the readers makes."""

    def __init__(self, chance: random.Random) -> None:
        self.chance = chance
        self.readers = list(User.objects.filter(is_staff=False).values_list("pk", flat=True))
        self.articles = list(Article.objects.select_related("poll").order_by("pk"))
        self.moderator = User.objects.get(email="mo@example.com")
        self.browsers = [new_voter_id() for _number in range(50)]
        self.weights = {
            self.vote: 22, self.retract: 4, self.post: 22, self.reply: 10, self.edit: 5,
            self.react: 14, self.unreact: 4, self.report: 6, self.save: 8, self.unsave: 4,
            self.delete: 5, self.moderate: 6, self.leave: 0.5,
        }  # fmt: skip

    def click(self) -> bool:
        """Make a change, and whether it was made or refused."""
        (change,) = self.chance.choices(list(self.weights), weights=list(self.weights.values()))
        reader = User.objects.get(pk=self.chance.choice(self.readers))
        try:
            change(reader)
        except Refused:
            return False
        return True

    def article(self) -> Article:
        """The first ones far more often than the others."""
        return self.articles[int(len(self.articles) * self.chance.random() ** 3)]

    def text(self) -> str:
        words = ("".join(self.chance.choices(SYLLABLES, k=4)) for _word in range(6))
        return " ".join(words)

    def comment(self, **only: Any) -> Comment | None:
        newest = Comment.objects.filter(**only).order_by("-pk")[:COMMENTS_IN_SIGHT]
        return self.chance.choice(list(newest) or [None])

    def on_comment(self, change: Callable[[Comment], Any], **only: Any) -> None:
        if comment := self.comment(**only):
            change(comment)

    def voter(self, reader: User) -> Voter:
        browser = self.chance.choice(["", *self.browsers])
        is_signed_in = not browser or self.chance.random() < 0.6
        return Voter(account=reader.pk if is_signed_in else None, browser=browser)

    def vote(self, reader: User) -> None:
        side, hold = self.chance.choice(["pro", "con"]), self.chance.choice(["", "", "", "address"])
        cast_vote(self.article().poll_id or 0, side=side, voter=self.voter(reader), hold=hold)

    def retract(self, reader: User) -> None:
        retract_vote(self.article().poll_id or 0, voter=self.voter(reader))

    def post(self, reader: User) -> None:
        key = f"{self.chance.getrandbits(64):x}"
        article, text = self.article(), self.text()
        for _repetition in range(self.chance.choice([1, 1, 2])):
            post_comment(article, by=reader, text=text, idempotency_key=key)

    def reply(self, reader: User) -> None:
        self.on_comment(
            lambda comment: post_comment(
                comment.article, by=reader, text=self.text(), parent=comment.pk
            )
        )

    def edit(self, reader: User) -> None:
        self.on_comment(
            lambda comment: edit_comment(comment, by=reader, text=self.text()), author=reader
        )

    def delete(self, reader: User) -> None:
        self.on_comment(lambda comment: delete_comment(comment, by=reader), author=reader)

    def react(self, reader: User) -> None:
        value = self.chance.choice(["like", "like", "dislike"])
        self.on_comment(lambda comment: react_to_comment(comment.pk, value=value, by=reader))

    def unreact(self, reader: User) -> None:
        self.on_comment(
            lambda comment: remove_reaction(comment.pk, by=reader), reactions__reader=reader
        )

    def report(self, reader: User) -> None:
        reason = self.chance.choice(Report.Reason.values)
        self.on_comment(lambda comment: report_comment(comment.pk, reason=reason, by=reader))

    def save(self, reader: User) -> None:
        save_article(self.article(), by=reader)

    def unsave(self, reader: User) -> None:
        unsave_article(self.article(), by=reader)

    def moderate(self, reader: User) -> None:
        decide: Any = self.chance.choice([hide_comment, hold_comment, show_comment])
        reason = {} if decide is show_comment else {"reason": "시험"}
        self.on_comment(lambda comment: decide(comment, by=self.moderator, **reason))

    def leave(self, reader: User) -> None:
        delete_account(reader)
