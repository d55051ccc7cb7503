"""Reader state of articles: saves, votes, comments and reactions of a reader. Five queries, not cached."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from articles.models import Article
from comments.models import Comment, Reaction
from polls.actions import sides_voted_for
from polls.models import Poll
from polls.representation import represent_poll, tallied_sides
from polls.voter_key import Voter
from saves.models import Save

MAX_OWN_COMMENTS = 500
MAX_OWN_REACTIONS = 500


def reader_states(
    slugs: Iterable[str], *, voter: Voter, now: datetime
) -> dict[str, dict[str, Any]]:
    """The state of each live article by its slug: is_saved, my_vote, poll (after voting), my_comments,
    my_reaction, and has_open_poll, which is not for readers.
    """
    articles = list(Article.objects.live().at(*slugs).select_related("poll").only("slug", "poll"))
    polls = {a.pk: a.poll for a in articles if a.poll and a.poll.public}
    votes = sides_voted_for(polls.values(), voter=voter)
    shown = polls_as_voted(polls.values(), votes, now=now)
    saved, commented = own_saves_and_comments([article.pk for article in articles], voter.account)
    reactions = own_reactions([article.pk for article in articles], voter.account)
    return {
        article.slug: {
            "is_saved": article.pk in saved,
            "my_vote": votes.get(article.poll_id or 0),
            "poll": shown.get(article.poll_id or 0),
            "my_comments": commented[article.pk],
            "my_reaction": reactions[article.pk],
            "has_open_poll": article.pk in polls
            and polls[article.pk].state(now) == Poll.State.OPEN,
        }
        for article in articles
    }


def polls_as_voted(
    polls: Iterable[Poll], votes: dict[int, str], *, now: datetime
) -> dict[int, dict[str, Any]]:
    """The polls that the voter has voted in, by id, as represented to a voter."""
    sides = tallied_sides(votes) if votes else {}
    return {
        poll.pk: represent_poll(poll, sides[poll.pk], now=now, has_voted=True)
        for poll in polls
        if poll.pk in votes
    }


def own_saves_and_comments(
    articles: list[int], account: int | None
) -> tuple[set[int], dict[int, list[int]]]:
    """The saved articles of the account, and the ids of its comments by article, the newest first."""
    comments: dict[int, list[int]] = defaultdict(list)
    if account is None:
        return set(), comments
    saves = Save.objects.filter(reader=account, article__in=articles)
    mine = Comment.objects.filter(author=account, article__in=articles).order_by("-pk")
    alive = mine.exclude(state=Comment.State.DELETED).values_list("article", "pk")
    for article, number in alive[:MAX_OWN_COMMENTS]:
        comments[article].append(number)
    return set(saves.values_list("article", flat=True)), comments


def own_reactions(articles: list[int], account: int | None) -> dict[int, dict[str, str]]:
    """The reactions of the account by article, each {comment id: "like"}; the newest MAX_OWN_REACTIONS."""
    reactions: dict[int, dict[str, str]] = defaultdict(dict)
    if account is not None:
        mine = Reaction.objects.filter(reader=account, comment__article__in=articles)
        visible = mine.filter(comment__state=Comment.State.VISIBLE).order_by("-pk")
        rows = visible.values_list("comment__article", "comment", "value")[:MAX_OWN_REACTIONS]
        for article, comment, value in rows:
            reactions[article][str(comment)] = value
    return reactions
