"""What the demo's readers do: vote, comment, save. And what the moderator makes of it."""

from collections.abc import Mapping
from typing import Any

from accounts.models import User
from articles.models import Article
from comments.actions import delete, hide, post
from comments.models import Comment
from desk.demo.texts import Story, what_readers_did
from polls.actions import cast, close
from polls.models import Poll
from polls.voter_key import Voter
from saves.actions import keep


def read_and_answer(
    articles: Mapping[str, Article], people: Mapping[str, User], texts: list[Story]
) -> None:
    """Votes in every poll, comments in every state, saved articles."""
    for story in texts:
        poll = articles[story.key].poll if story.key in articles else None
        if poll:
            vote(poll, story, people)
    did = what_readers_did()
    for said in did["comment"]:
        comment_on(articles[said["story"]], said, people)
    for person, keys in did["saves"].items():
        for key in keys:
            keep(articles[key], by=people[person])


def vote(poll: Poll, story: Story, people: Mapping[str, User]) -> None:
    """Passers-by for both sides, the reader for pro; closed by the chief where the story says so."""
    for side in ("pro", "con"):
        for number in range(story.poll[f"{side}_votes"]):
            cast(poll.pk, side=side, voter=Voter(browser=f"demo-{story.key}-{side}-{number}"))
    cast(poll.pk, side="pro", voter=Voter(account=people["reader"].pk))
    if story.poll.get("closed"):
        close(poll, by=people["chief"])


def comment_on(article: Article, said: dict[str, Any], people: Mapping[str, User]) -> None:
    """A comment with its replies, brought to the state it is to stand in.

    Held ones are held by the screening itself, or by the article that holds all.
    """
    comment = post(article, by=people[said["by"]], text=said["text"])
    for answer in said.get("reply", ()):
        post(article, by=people[answer["by"]], text=answer["text"], parent=comment.pk)
    if said.get("state") == Comment.State.DELETED:
        delete(comment, by=people[said["by"]])
    elif said.get("state") == Comment.State.HIDDEN:
        hide(comment, by=people["moderator"], reason="기자 개인을 겨눈 글")
