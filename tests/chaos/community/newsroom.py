"""Newsroom of the crowd: stories with polls, readers, a moderator."""

from accounts.actions import fill_account_defaults
from accounts.models import User
from tests.support import make


def prepare_crowd(*, readers: int, stories: int) -> None:
    """So many readers without passwords, and live stories with polls and comments under them."""
    make.reference_rows()
    make.staff("mo", role="moderator")
    User.objects.bulk_create(
        (
            fill_account_defaults(
                User(
                    email=f"reader{n}@example.com",
                    name=f"reader{n}",
                    nickname=f"독자{n}",
                    password="!",
                )
            )
            for n in range(readers)
        ),
        batch_size=500,
    )
    for _number in range(stories):
        make.live(poll=make.poll_data())
