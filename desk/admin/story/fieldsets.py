"""Fieldsets of the story page: those in its middle (`in-text`), and the properties at its side."""

from typing import Any

from django.utils.safestring import mark_safe
from django.utils.translation import gettext_lazy as _

from articles.models.editorial import METADATA_TEXT_NAMES, SHOWN_TEXT_NAMES

SUMMARY_FIELDS = ("summary_1", "summary_2", "summary_3")
LEAD_PHOTO_TEXT_FIELDS = ("photo_alt", "photo_caption", "photo_credit")
IN_TEXT = "in-text"
# Filled by desk/static/desk/preview.js.
SNIPPETS = mark_safe('<div id="snippets"></div>')  # a constant
FIELDSETS: list[tuple[Any, Any]] = [
    (
        None,
        {
            "classes": (IN_TEXT,),
            "fields": ("headline", *SHOWN_TEXT_NAMES, *SUMMARY_FIELDS, "body"),
        },
    ),
    (
        _("Search, sharing, address"),
        {
            "classes": ("collapse", IN_TEXT),
            "description": SNIPPETS,
            "fields": (*METADATA_TEXT_NAMES, "social_photo", "slug"),
        },
    ),
    (None, {"classes": (IN_TEXT,), "fields": ("notes",)}),
    (
        _("Placement"),
        {"fields": ("section", "authors", "tags", "lead_photo", *LEAD_PHOTO_TEXT_FIELDS)},
    ),
    (
        _("Booki and Moki: the poll"),
        {
            "classes": ("collapse",),
            "fields": (
                "poll_question",
                "poll_title",
                "poll_pro",
                "poll_con",
                ("poll_opens_at", "poll_closes_at"),
                ("poll_results", "poll_election_day"),
            ),
        },
    ),
    (
        _("Source, use of AI, comments"),
        {
            "classes": ("collapse",),
            "fields": (
                ("source_name", "source_credit"),
                "source_url",
                ("ai_kind", "ai_note"),
                "comments_mode",
            ),
        },
    ),
    (_("Embargo and expiry"), {"fields": (("embargo_until", "expires_at"),)}),
    (_("Related articles"), {"classes": ("collapse",), "fields": ("related",)}),
]
TRASHED_FIELDSETS: list[tuple[Any, Any]] = [
    (
        None,
        {
            "classes": (IN_TEXT,),
            "fields": ("headline", *SHOWN_TEXT_NAMES, *SUMMARY_FIELDS, "notes"),
        },
    )
]
