"""Updates of stories: what an intake or a decision changed, for the handlers that other apps register.

The wire knows nothing of drafts. `desk` registers its handler in `AppConfig.ready()`; it is called in the
transaction of the change, with every story of that transaction locked, and once for all of them, so that it
can take its own locks in one order. Pure.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    # For annotations only: `AppConfig.ready()` of other apps imports this module before the models.
    from accounts.models import User
    from wire.models import Story, Version


@dataclass(frozen=True)
class StoryUpdate:
    """A locked story after a change that may concern what was written from it, and what it was before.

    `former_current` is None for a story that is new. `joined`: of versions that came from another story by
    this change, by id, the current version there. `added` are the ids of corrections that came by it, also
    of one that is lower than the current version. `decided_by` is the person whose decision it is; None for
    a change by what the agency sent.
    """

    story: "Story"
    versions: Sequence["Version"]
    former_status: str
    former_current: "Version | None"
    is_embargo_changed: bool
    joined: Mapping[int, "Version"] = field(default_factory=dict)
    decided_by: "User | None" = None
    added: frozenset[int] = frozenset()

    @property
    def is_status_changed(self) -> bool:
        return self.story.status != self.former_status

    @property
    def is_current_changed(self) -> bool:
        former = self.former_current.pk if self.former_current else None
        return self.story.current_id != former

    def concerns_drafts(self) -> bool:
        """Whether a draft from an earlier version could have to know: something changed, a correction came,
        or the story may not be used, and versions of another story may have joined it."""
        changed = self.is_status_changed or self.is_current_changed or self.is_embargo_changed
        has_more = changed or bool(self.joined or self.added) or not self.story.is_usable()
        return self.former_current is not None and has_more

    def former_current_for(self, used: "Version") -> "Version | None":
        """What was the current version before, to whom wrote from the version `used`."""
        return self.joined.get(used.pk, self.former_current)


UpdateHandler = Callable[[Sequence[StoryUpdate]], None]
handlers: list[UpdateHandler] = []
collected: ContextVar[list[StoryUpdate] | None] = ContextVar("collected", default=None)


def register_update_handler(handler: UpdateHandler) -> None:
    """Register a handler of updates. Call it in `AppConfig.ready()`."""
    if handler not in handlers:
        handlers.append(handler)


def handle_updates(updates: Sequence[StoryUpdate]) -> None:
    """Call the handlers with the updates that may concern drafts, in the transaction of the caller."""
    concerning = [update for update in updates if update.concerns_drafts()]
    if concerning:
        for handler in handlers:
            handler(concerning)


@contextmanager
def collecting_updates(*, decided_by: "User | None" = None) -> Iterator[None]:
    """Call the handlers once, at the end of the block, for all stories that it settles.

    `decided_by` is the person whose decision the block is, None for what the agency sent.
    A block within another adds to the outer one. Nothing is handled where the block raises.
    """
    if collected.get() is not None:
        yield
        return
    updates: list[StoryUpdate] = []
    token = collected.set(updates)
    try:
        yield
    finally:
        collected.reset(token)
    handle_updates([replace(update, decided_by=decided_by) for update in merge_updates(updates)])


def report_update(update: StoryUpdate) -> None:
    """Handle an update now, or at the end of the `collecting_updates` around this call."""
    updates = collected.get()
    if updates is None:
        handle_updates([update])
    else:
        updates.append(update)


def merge_updates(updates: Iterable[StoryUpdate]) -> list[StoryUpdate]:
    """One update for each story: what it was before the first, and what it is after the last."""
    merged: dict[int, StoryUpdate] = {}
    for update in updates:
        first = merged.get(update.story.pk)
        merged[update.story.pk] = (
            update
            if first is None
            else replace(
                update,
                former_status=first.former_status,
                former_current=first.former_current,
                is_embargo_changed=first.is_embargo_changed or update.is_embargo_changed,
                joined={**update.joined, **first.joined},
                added=first.added | update.added,
            )
        )
    return list(merged.values())
