"""Make polls public or private with their articles, and find public ones."""

from collections.abc import Iterable

from polls.errors import NoSuchPoll
from polls.models import Poll


def make_polls_public(poll_ids: Iterable[int]) -> None:
    """Make polls public when their articles go live. The caller holds the locks (`lock_polls`)."""
    Poll.objects.filter(pk__in=set(poll_ids)).update(public=True)


def make_polls_private(poll_ids: Iterable[int]) -> None:
    """Make polls private again; their votes stay. The caller holds the locks (`lock_polls`)."""
    Poll.objects.filter(pk__in=set(poll_ids)).update(public=False)


def get_public_poll(poll_id: int) -> Poll:
    """Return a poll that is public now. Raises NoSuchPoll (404) for any other."""
    poll = Poll.objects.public().filter(pk=poll_id).first()
    if poll is None:
        raise NoSuchPoll
    return poll
