"""`manage.py reindex_wire --missing`: the inbox after an update, whose migration fills no index."""

from collections.abc import Callable
from io import StringIO

import pytest
from django.core.management import call_command

from tests.wire.inbox.conftest import Deliver
from wire.actions.indexing import index_missing_versions
from wire.models import IndexedVersion

pytestmark = pytest.mark.django_db
Listed = Callable[..., list[str]]


def test_the_command_goes_on_with_what_is_missing(deliver: Deliver, listed: Listed) -> None:
    """Of an update: what was there before it, and what workers of the former release filed meanwhile."""
    for n in range(4):
        deliver(f"둑길 {'가나다라'[n]}마을", minutes=n)
    newest = IndexedVersion.objects.get(version__headline="둑길 라마을")
    IndexedVersion.objects.exclude(pk=newest.pk).delete()
    last, count = index_missing_versions(None, batch_size=1)  # and is interrupted
    assert (count, IndexedVersion.objects.get(pk=last).version.headline) == (1, "둑길 다마을")
    output = StringIO()
    call_command("reindex_wire", "--missing", stdout=output)
    assert output.getvalue().splitlines() == [
        "2 versions indexed",
        "the index of the inbox is complete",
    ]
    call_command("reindex_wire", "--missing", stdout=output)
    assert "0 versions indexed" in output.getvalue()
    assert listed(q="둑길") == [f"둑길 {name}마을" for name in "라다나가"]
