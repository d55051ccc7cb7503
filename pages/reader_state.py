"""How a reader stands to articles: what no cache may keep. Five questions, however many articles."""

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
    """By address, for the live ones: is_saved, my_vote, poll (once one has voted), my_comments,
    my_reaction."""
    articles = list(Article.objects.live().at(*slugs).select_related("poll").only("slug", "poll"))
    polls = {a.pk: a.poll for a in articles if a.poll and a.poll.public}
    votes = sides_voted_for(polls.values(), voter=voter)
    shown = polls_as_voted(polls.values(), votes, now=now)
    saved, said = own_saves_and_comments([article.pk for article in articles], voter.account)
    thought = own_reactions([article.pk for article in articles], voter.account)
    return {
        article.slug: {
            "is_saved": article.pk in saved,
            "my_vote": votes.get(article.poll_id or 0),
            "poll": shown.get(article.poll_id or 0),
            "my_comments": said[article.pk],
            "my_reaction": thought[article.pk],
        }
        for article in articles
    }


def polls_as_voted(
    polls: Iterable[Poll], votes: dict[int, str], *, now: datetime
) -> dict[int, dict[str, Any]]:
    """The polls this voter has voted in, by number, as the voter may see them."""
    sides = tallied_sides(votes) if votes else {}
    return {
        poll.pk: represent_poll(poll, sides[poll.pk], now=now, has_voted=True)
        for poll in polls
        if poll.pk in votes
    }


def own_saves_and_comments(
    articles: list[int], account: int | None
) -> tuple[set[int], dict[int, list[int]]]:
    """(the articles on the account's list, the numbers of its comments by article)."""
    said: dict[int, list[int]] = defaultdict(list)
    if account is None:
        return set(), said
    kept = Save.objects.filter(reader=account, article__in=articles)
    mine = Comment.objects.filter(author=account, article__in=articles).order_by("-pk")
    alive = mine.exclude(state=Comment.State.DELETED).values_list("article", "pk")
    for article, number in alive[:MAX_OWN_COMMENTS]:
        said[article].append(number)
    return set(kept.values_list("article", flat=True)), said


def own_reactions(articles: list[int], account: int | None) -> dict[int, dict[str, str]]:
    """The account's reactions by article, each {number of the comment: "like"}, the newest 500."""
    thought: dict[int, dict[str, str]] = defaultdict(dict)
    if account is not None:
        mine = Reaction.objects.filter(reader=account, comment__article__in=articles)
        visible = mine.filter(comment__state=Comment.State.VISIBLE).order_by("-pk")
        rows = visible.values_list("comment__article", "comment", "value")[:MAX_OWN_REACTIONS]
        for article, comment, value in rows:
            thought[article][str(comment)] = value
    return thought
