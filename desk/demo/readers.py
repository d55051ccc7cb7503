"""What the demo's readers do: vote, comment, save. And what the moderator makes of it."""

from collections.abc import Mapping
from typing import Any

from accounts.models import User
from articles.models import Article
from comments.actions import delete_comment, hide_comment, post_comment
from comments.models import Comment
from desk.demo.texts import Story, load_reader_activity
from polls.actions import cast_vote, close_poll
from polls.models import Poll
from polls.voter_key import Voter
from saves.actions import save_article


def add_reader_activity(
    articles: Mapping[str, Article], people: Mapping[str, User], texts: list[Story]
) -> None:
    """Votes in every poll, comments in every state, saved articles."""
    for story in texts:
        poll = articles[story.key].poll if story.key in articles else None
        if poll:
            cast_votes(poll, story, people)
    did = load_reader_activity()
    for said in did["comment"]:
        add_comment(articles[said["story"]], said, people)
    for person, keys in did["saves"].items():
        for key in keys:
            save_article(articles[key], by=people[person])


def cast_votes(poll: Poll, story: Story, people: Mapping[str, User]) -> None:
    """Passers-by for both sides, the reader for pro; closed by the chief where the story says so."""
    for side in ("pro", "con"):
        for number in range(story.poll[f"{side}_votes"]):
            cast_vote(poll.pk, side=side, voter=Voter(browser=f"demo-{story.key}-{side}-{number}"))
    cast_vote(poll.pk, side="pro", voter=Voter(account=people["reader"].pk))
    if story.poll.get("closed"):
        close_poll(poll, by=people["chief"])


def add_comment(article: Article, said: dict[str, Any], people: Mapping[str, User]) -> None:
    """A comment with its replies, brought to the state it is to stand in.

    Held ones are held by the screening itself, or by the article that holds all.
    """
    comment = post_comment(article, by=people[said["by"]], text=said["text"])
    for answer in said.get("reply", ()):
        post_comment(article, by=people[answer["by"]], text=answer["text"], parent=comment.pk)
    if said.get("state") == Comment.State.DELETED:
        delete_comment(comment, by=people[said["by"]])
    elif said.get("state") == Comment.State.HIDDEN:
        hide_comment(comment, by=people["moderator"], reason="기자 개인을 겨눈 글")
