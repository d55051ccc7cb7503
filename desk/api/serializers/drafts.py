"""Output serializers of drafts, editions and releases, and the query parameters of the list of drafts."""

from datetime import UTC, datetime
from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from articles.api.text_fields import EditorialTextMixin
from articles.models import Article, CommentsMode, Edition
from desk.api.serializers.collaboration import PersonOut
from desk.api.serializers.fields import SingleLineField
from desk.api.serializers.links import ExternalLinkOut, LinkProblemOut
from desk.api.serializers.stories import AIDisclosureIn, CorrectionIn, PhotoTextIn, PollIn, SourceIn
from desk.api.serializers.wire import WireMixin
from desk.links import external_links_of, link_problems_of
from desk.models import Draft, Release
from desk.status import status_chips
from newsroom.api.views import CanonicalSlugField, QuerySerializer

STATES = (
    "writing", "submitted", "approved", "scheduled", "live", "expired", "withdrawn", "trashed",
)  # fmt: skip


class DraftQuery(QuerySerializer):
    """The filters of the list; they combine."""

    state = serializers.ChoiceField(choices=STATES, required=False)
    section = CanonicalSlugField(max_length=60, required=False, help_text="Its address.")
    q = SingleLineField(max_length=100, required=False, help_text="Words of the headline.")
    mine = serializers.BooleanField(
        required=False, help_text="Begun or last changed by whoever asks."
    )
    trashed = serializers.BooleanField(required=False, help_text="What lies in the trash.")
    assigned_to = serializers.RegexField(
        r"^(me|[1-9]\d{0,17})$",
        required=False,
        help_text="`me`, or the number of a person (`desk/people/`).",
    )
    overdue = serializers.BooleanField(
        required=False, help_text="Past their due time, and neither handed in nor published."
    )


class EditionOut(serializers.Serializer[Any]):
    """An edition without its words."""

    number = serializers.IntegerField()
    frozen_at = serializers.DateTimeField()
    correction = CorrectionIn(allow_null=True)


class FrozenOut(EditionOut):
    """The edition that was just made."""

    article = serializers.CharField(help_text="Address of its article.")


class PlanOut(serializers.Serializer[Any]):
    """What a plan is."""

    id = serializers.IntegerField()
    due_at = serializers.DateTimeField()
    state = serializers.ChoiceField(choices=Release.State.choices)
    reason = serializers.CharField()
    bundle = serializers.IntegerField(
        source="bundle_id",
        allow_null=True,
        help_text="Number of the bundle it goes out with; null for one that goes out by itself.",
    )
    held_at = serializers.DateTimeField(
        allow_null=True,
        help_text="Since when it is held back because of its agency, with the reason (`end-hold/`).",
    )


class ReleaseBrief(PlanOut):
    """What a draft tells of the plan that waits."""

    edition = serializers.IntegerField()
    published_at = serializers.DateTimeField(allow_null=True)
    article = serializers.CharField(help_text="Address of its article.")


class ReleaseOut(PlanOut):
    """A plan and what came of it. `published_at` is the time readers are shown."""

    headline = serializers.CharField(source="edition.headline")
    edition = serializers.IntegerField(source="edition.number")
    article = serializers.CharField(source="article.slug", help_text="Address of its article.")
    published_at = serializers.SerializerMethodField()
    draft = serializers.IntegerField(source="draft_id", allow_null=True)
    attempts = serializers.IntegerField()
    retry_at = serializers.DateTimeField(allow_null=True)
    planned_by = serializers.CharField()
    planned_at = serializers.DateTimeField()
    approved_by = serializers.CharField(allow_null=True)
    settled_at = serializers.DateTimeField(allow_null=True)

    @extend_schema_field(serializers.DateTimeField(allow_null=True))
    def get_published_at(self, release: Release) -> Any:
        published_at = release.due_at if release.state == Release.State.DONE else None
        return serializers.DateTimeField().to_representation(published_at) if published_at else None


class DraftOut(WireMixin, EditorialTextMixin, serializers.Serializer[Draft]):
    """A draft in full. Takes rows of `with_status(Draft.objects.in_full())`."""

    id = serializers.IntegerField()
    version = serializers.IntegerField()
    state = serializers.ChoiceField(
        choices=STATES, help_text="What readers have of it, else where the text is."
    )
    state_words = serializers.SerializerMethodField()
    stage = serializers.ChoiceField(choices=Draft.Stage.choices)
    problems = serializers.SerializerMethodField()
    headline = serializers.CharField()
    summary = serializers.ListField(child=serializers.CharField(), min_length=3, max_length=3)
    body_html = serializers.CharField(source="body")
    dropped = serializers.ListField(
        child=serializers.CharField(),
        help_text="What of the body_html of this request was not kept: elements such as `iframe`, "
        "attributes as `a[href]`. Their text is kept where they are no code, control or embed. "
        "Empty when reading.",
    )
    section = serializers.CharField(source="section.slug", default=None, allow_null=True)
    authors = serializers.SerializerMethodField()
    tags = serializers.SerializerMethodField()
    slug = serializers.CharField()
    lead_photo = serializers.IntegerField(source="lead_photo_id", allow_null=True)
    lead_photo_text = serializers.SerializerMethodField()
    social_photo = serializers.IntegerField(source="social_photo_id", allow_null=True)
    poll = serializers.SerializerMethodField()
    related = serializers.SerializerMethodField()
    source = serializers.SerializerMethodField()  # type: ignore[assignment]  # a field named like an option
    ai_disclosure = serializers.SerializerMethodField()
    comments = serializers.ChoiceField(choices=CommentsMode.choices, source="comments_mode")
    embargo_until = serializers.DateTimeField(
        allow_null=True, help_text="The desk's own; an agency's embargo counts beside it."
    )
    expires_at = serializers.DateTimeField(allow_null=True)
    notes = serializers.CharField()
    assigned_to = PersonOut(allow_null=True, help_text="Who writes it.")
    due_at = serializers.DateTimeField(allow_null=True, help_text="When it is to be handed in.")
    approved_by = serializers.CharField(
        allow_null=True, help_text="Who approved this version; null where nobody has."
    )
    article = serializers.CharField(source="article.slug", default=None, allow_null=True)
    editions = serializers.SerializerMethodField()
    release = serializers.SerializerMethodField()
    changed_since_freeze = serializers.SerializerMethodField()
    wire_story = serializers.IntegerField(allow_null=True)
    created_at = serializers.DateTimeField()
    created_by = serializers.CharField()
    changed_at = serializers.DateTimeField()
    changed_by = serializers.CharField()

    def get_state_words(self, draft: Any) -> str:
        """The same for people, with times and editions."""
        return " · ".join(chip.words for chip in status_chips(draft))

    def get_problems(self, draft: Any) -> list[str]:
        """What is still missing before it can be frozen."""
        problems: list[str] = draft.problems(
            has_byline=bool(draft.author_rows), photos_without_files=draft.unready_rows
        )
        return problems

    def get_authors(self, draft: Any) -> list[str]:
        return [row["slug"] for row in draft.author_rows]

    def get_tags(self, draft: Any) -> list[str]:
        return [row["name"] for row in draft.tag_rows]

    def get_related(self, draft: Any) -> list[str]:
        return [row["slug"] for row in draft.pick_rows]

    @extend_schema_field(PhotoTextIn(allow_null=True))
    def get_lead_photo_text(self, draft: Draft) -> dict[str, str] | None:
        """The story's own words for the photo; null where all are the library's."""
        return draft.lead_photo_text or None

    @extend_schema_field(PollIn(allow_null=True))
    def get_poll(self, draft: Any) -> dict[str, Any] | None:
        poll = draft.poll
        if poll is None:
            return None
        to_text = serializers.DateTimeField().to_representation
        return {
            "title": poll.title,
            "question": poll.question,
            "opens_at": to_text(poll.opens_at),
            "closes_at": to_text(poll.closes_at) if poll.closes_at else None,
            "results": poll.results,
            "election_day": poll.election_day.isoformat() if poll.election_day else None,
            "sides": draft.side_rows,
        }

    @extend_schema_field(SourceIn(allow_null=True))
    def get_source(self, draft: Draft) -> dict[str, str] | None:
        if not (draft.source_name or draft.source_url or draft.source_credit):
            return None
        return {
            "name": draft.source_name,
            "url": draft.source_url,
            "credit": draft.source_credit,
        }

    @extend_schema_field(AIDisclosureIn(allow_null=True))
    def get_ai_disclosure(self, draft: Draft) -> dict[str, str] | None:
        return {"kind": draft.ai_kind, "note": draft.ai_note} if draft.ai_kind else None

    @extend_schema_field(EditionOut(many=True))
    def get_editions(self, draft: Any) -> Any:
        return [
            EditionOut(
                {
                    "number": row["number"],
                    "frozen_at": parse_json_time(row["frozen_at"]),
                    "correction": correction_data(row["kind"], row["note"]),
                }
            ).data
            for row in draft.edition_rows
        ]

    @extend_schema_field(ReleaseBrief(allow_null=True))
    def get_release(self, draft: Any) -> Any:
        for row in draft.release_rows:
            details = {"published_at": None, "article": draft.article.slug}
            times = {"due_at": parse_json_time(row["due_at"]), "held_at": None}
            if row["held_at"]:
                times["held_at"] = parse_json_time(row["held_at"])
            return ReleaseBrief(row | details | times).data
        return None

    def get_changed_since_freeze(self, draft: Any) -> bool | None:
        """Whether the newest edition lacks changes; null before the first."""
        return not draft.is_frozen if draft.edition_rows else None


class DraftDetailOut(DraftOut):
    """A draft with what is wrong with its links, as the user in the context (`reader`) may know it. Up to
    five queries more than DraftOut."""

    link_problems = serializers.SerializerMethodField()
    external_links = serializers.SerializerMethodField()

    @extend_schema_field(LinkProblemOut(many=True))
    def get_link_problems(self, draft: Draft) -> Any:
        """Links of the body that readers could not follow; warnings only. Other sites: `external_links`."""
        return LinkProblemOut(
            link_problems_of(draft, reader=self.context["reader"]), many=True
        ).data

    @extend_schema_field(ExternalLinkOut(many=True))
    def get_external_links(self, draft: Draft) -> Any:
        """Links of the body to other sites, which are checked in the background after a save; at most 50.
        Nothing here keeps the draft from being published."""
        return ExternalLinkOut(external_links_of(draft).links, many=True).data


def parse_json_time(text: str) -> datetime:
    """Parse a time in JSON made by the database: PostgreSQL adds an offset, SQLite writes UTC without."""
    at = datetime.fromisoformat(text)
    return at if at.tzinfo else at.replace(tzinfo=UTC)


def correction_data(kind: str, note: str) -> dict[str, str] | None:
    """The correction note of an edition; None where it corrects nothing."""
    return {"kind": kind, "note": note} if kind else None


def frozen_edition_data(edition: Edition) -> Any:
    """The representation of an edition just frozen."""
    return FrozenOut(
        {
            "number": edition.number,
            "frozen_at": edition.frozen_at,
            "correction": correction_data(edition.correction_kind, edition.correction_note),
            "article": edition.article.slug,
        }
    ).data


class NoticeOut(serializers.Serializer[Article]):
    """What readers find at the address of an article that was withdrawn."""

    article = serializers.CharField(source="slug")
    withdrawn_at = serializers.DateTimeField(allow_null=True)
    notice = serializers.CharField()
