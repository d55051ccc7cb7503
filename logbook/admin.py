"""The logbook in the admin: to read."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from logbook.models import Entry
from logbook.telling import details_of, kind_of, verb_of
from newsroom.backoffice import ReadOnly


@admin.register(Entry)
class EntryAdmin(ReadOnly):
    list_display = ("at", "by_name", "did", "thing", "label", "more")
    list_display_links = ("label",)
    list_filter = ("kind",)
    search_fields = ("by_name", "label", "verb")
    date_hierarchy = "at"
    fields = ("at", "by_name", "did", "thing", "subject", "label", "details")

    @admin.display(description=_("did"), ordering="verb")
    def did(self, entry: Entry) -> str:
        return verb_of(entry)

    @admin.display(description=_("thing"), ordering="kind")
    def thing(self, entry: Entry) -> str:
        return kind_of(entry)

    @admin.display(description=_("more"))
    def more(self, entry: Entry) -> str:
        return details_of(entry)
