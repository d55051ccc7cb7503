"""Search index of the wire inbox: a row for each version (wire/inbox_search)."""

from django.db import models

from wire.models.versions import Version


class IndexedVersion(models.Model):
    """A version in the search index of the inbox (wire/inbox_search): inserted with it.

    Deleted when a later parsing of the delivery does not find the text, inserted anew when one does.

    Its n-grams and filters are in the column `words` on PostgreSQL (tsvector with a GIN index), in the FTS5
    table `wire_indexedwords` on SQLite. `sort_key`: hundredths of a second of the time of sending (else of
    arrival), and in the low bits the version's id, so that no two are equal. An earlier arrival that is
    noted on the version later moves no row: `manage.py reindex_wire` does, which replaces every row.
    """

    version = models.OneToOneField(
        Version, models.CASCADE, primary_key=True, related_name="indexed"
    )
    sort_key = models.BigIntegerField(unique=True)

    def __str__(self) -> str:
        return str(self.version_id)
