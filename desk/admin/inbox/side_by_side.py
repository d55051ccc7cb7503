"""Agency copy beside a draft that was begun from it, paragraph by paragraph."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from desk.actions.agency.copy_parts import parse_copy
from desk.agency_copy.status import Taking
from desk.models import Draft
from desk.versions.comparison import body_blocks
from newsroom.admin.row_ids import is_id
from newsroom.text.html_normalizer import parse_blocks
from newsroom.text.word_diff import Block, Budget, Row, diff_blocks, text_block
from wire.models import Story, Version


class SideBySide(NamedTuple):
    """The current agency copy and one draft, in rows; `choices` are the drafts to choose from."""

    draft: Draft
    rows: list[Row]
    choices: list[Taking]


def side_by_side(story: Story, takings: Sequence[Taking], *, wanted: str) -> SideBySide | None:
    """The draft with this id, else the first that the person may read, beside the story; None without."""
    choices = [taking for taking in takings if taking.draft]
    ids = [taking.draft for taking in choices if taking.draft]
    if not ids or story.current is None:
        return None
    chosen = int(wanted) if is_id(wanted) and int(wanted) in ids else ids[0]
    draft = Draft.objects.select_related("created_by", "wire_version").filter(pk=chosen).first()
    if draft is None:
        return None
    rows = diff_blocks(list(copy_blocks(story.current)), list(draft_blocks(draft)), Budget())
    return SideBySide(draft, rows, choices)


def copy_blocks(version: Version) -> Iterator[Block]:
    yield text_block(version.headline, "h2")
    if version.deck:
        yield text_block(" ".join(version.deck), "deck")
    yield from body_blocks(parse_copy(version))


def draft_blocks(draft: Draft) -> Iterator[Block]:
    if draft.headline:
        yield text_block(draft.headline, "h2")
    if draft.deck:
        yield text_block(draft.deck, "deck")
    yield from body_blocks(parse_blocks(draft.body))
