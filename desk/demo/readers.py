"""Activity of readers in the demo: votes, comments in every state, saved articles."""

from collections.abc import Mapping
from typing import Any

from accounts.models import User
from articles.models import Article
from comments.actions import approve_writer, delete_comment, hide_comment, post_comment
from comments.actions.blocking import block_comment, request_block
from comments.models import Comment
from desk.demo.texts import Story, load_reader_activity
from polls.actions import cast_vote, close_poll
from polls.models import Poll
from polls.voter_key import Voter
from saves.actions import save_article


def add_reader_activity(
    articles: Mapping[str, Article], people: Mapping[str, User], stories: list[Story]
) -> None:
    """Create votes in every poll, comments in every state, saved articles."""
    for story in stories:
        poll = articles[story.key].poll if story.key in articles else None
        if poll:
            cast_votes(poll, story, people)
    for person in people.values():
        if not person.is_staff:
            approve_writer(person, by=people["moderator"])
    activity = load_reader_activity()
    for data in activity["comment"]:
        add_comment(articles[data["story"]], data, people)
    for person, keys in activity["saves"].items():
        for key in keys:
            save_article(articles[key], by=people[person])


def cast_votes(poll: Poll, story: Story, people: Mapping[str, User]) -> None:
    """Anonymous votes for both sides, one of the reader for pro; closes the poll if the story says so."""
    for side in ("pro", "con"):
        for number in range(story.poll[f"{side}_votes"]):
            cast_vote(poll.pk, side=side, voter=Voter(browser=f"demo-{story.key}-{side}-{number}"))
    cast_vote(poll.pk, side="pro", voter=Voter(account=people["reader"].pk))
    if story.poll.get("closed"):
        close_poll(poll, by=people["chief"])


def add_comment(article: Article, data: dict[str, Any], people: Mapping[str, User]) -> None:
    """A comment with its replies, in the state that it is to have.

    Held comments are held by the content filter, or by the comments mode of the article.
    """
    comment = post_comment(article, by=people[data["by"]], text=data["text"])
    for reply in data.get("reply", ()):
        post_comment(article, by=people[reply["by"]], text=reply["text"], parent=comment.pk)
    if data.get("state") == Comment.State.DELETED:
        delete_comment(comment, by=people[data["by"]])
    elif data.get("state") == Comment.State.HIDDEN:
        hide_comment(comment, by=people["moderator"], reason="기자 개인을 겨눈 글")
    elif data.get("state") == Comment.State.BLOCKED:
        request = request_block(
            comment.pk,
            name="한여울",
            email="yeoul@example.com",
            basis="defamation",
            statement="사실이 아닙니다. 그 시간에는 근무하지 않습니다.",
        )
        block_comment(request, by=people["moderator"])
