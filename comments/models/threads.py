"""Reading of threads: the first replies to the comments of a page, in one query."""

from collections import defaultdict
from collections.abc import Sequence
from operator import attrgetter
from typing import Any

from django.db.models import Q

from comments.models.comment import MAX_FIRST_REPLIES, Comment, by_position


def attach_first_replies(comments: Sequence[Any]) -> None:
    """Set `first_replies` of rows of `with_authors()`: the oldest MAX_FIRST_REPLIES visible ones.

    At most one query, which reads as many replies as it returns, however many there are.
    """
    replies: dict[int, list[Comment]] = defaultdict(list)
    answered = [comment for comment in comments if comment.visible_replies]
    if answered:
        few = [c.pk for c in answered if c.visible_replies <= MAX_FIRST_REPLIES]
        condition = Q(parent__in=few, is_listed=True) if few else Q()
        for comment in answered:
            if comment.visible_replies > MAX_FIRST_REPLIES:
                condition |= Q(
                    parent=comment, position__lte=comment.last_first_reply, is_listed=True
                )
        rows = Comment.objects.alias(position=by_position()).filter(condition)
        for reply in rows.select_related("author"):
            replies[reply.parent_id or 0].append(reply)
    for comment in comments:
        in_order = sorted(replies[comment.pk], key=attrgetter("pk"))
        comment.first_replies = in_order[:MAX_FIRST_REPLIES]
