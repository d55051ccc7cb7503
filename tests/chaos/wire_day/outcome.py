"""Outcome of a day: the stories and what was written from them, and how two outcomes differ.

An outcome is plain JSON without ids: texts are named by their content, deliveries by their bytes.
"""

import hashlib
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from django.db.models import Q

from audit.models import Entry
from desk.models import Draft, Notice, Release, WireHold
from outbox.models import Event
from tests.chaos.wire_day.deliveries import DayDelivery
from wire.models import Delivery, MatchQuestion, Story, Version

Outcome = dict[str, Any]
STORY_TOKEN = re.compile(r"사건\d+호")
READ = {Delivery.Status.PARSED, Delivery.Status.DUPLICATE}


def read_outcome() -> Outcome:
    """The outcome in the database."""
    texts = {
        v["pk"]: v
        for v in Version.objects.values("pk", "story", "headline", "marks", "content_hash")
    }
    names = {
        pk: f"{''.join(v['marks'])} {v['headline']} {v['content_hash'][:16]}"
        for pk, v in texts.items()
    }
    return {
        "stories": story_states(names),
        "deliveries": delivery_states(names),
        "drafts": {draft.headline: draft_state(draft) for draft in drafts()},
        "strangers": merged_strangers(),
        "unaudited": len(names) - audited_versions(),
    }


def story_states(names: dict[int, str]) -> list[list[Any]]:
    """Source, status, embargo, current text, all texts and open questions of each story."""
    texts: dict[int, list[str]] = defaultdict(list)
    for pk, story in Version.objects.values_list("pk", "story"):
        texts[story].append(names[pk])
    asked: dict[int, set[str]] = defaultdict(set)
    questions = MatchQuestion.objects.unanswered()
    sides = ("version__story", "other__story", "version__story__current", "other__story__current")
    for one, other, current, other_current in questions.values_list(*sides):
        asked[one].add(names[other_current])
        asked[other].add(names[current])
    columns = ("pk", "embargo_until", "current", "source__slug", "identifier", "status", "embargo")
    stories = Story.objects.filter(current__isnull=False).values_list(*columns)
    return sorted(
        [*state, str(until), names[current], sorted(texts[pk]), sorted(asked[pk])]
        for pk, until, current, *state in stories
    )


def delivery_states(names: dict[int, str]) -> dict[str, dict[str, Any]]:
    """Of each delivery's bytes: how often they are stored, what came of them, the texts in them."""
    texts: dict[int, set[str]] = defaultdict(set)
    for pk, delivery in Version.objects.values_list("pk", "delivery"):
        texts[delivery].add(names[pk])
    known = Delivery.known_texts.through.objects.values_list("delivery", "version")
    for delivery, pk in known:
        texts[delivery].add(names[pk])
    states: dict[str, dict[str, Any]] = {}
    rows = Delivery.objects.values_list("pk", "source__slug", "raw", "sha256", "status")
    for pk, source, raw, sha256, status in rows.iterator(chunk_size=500):
        is_whole = hashlib.sha256(raw).hexdigest() == sha256
        state = states.setdefault(
            f"{source} {sha256}",
            {"copies": 0, "whole": 0, "outcomes": {}, "texts": sorted(texts[pk])},
        )
        state["copies"] += 1
        state["whole"] += is_whole
        outcome = "read" if status in READ else status
        state["outcomes"][outcome] = state["outcomes"].get(outcome, 0) + 1
        if sorted(texts[pk]) != state["texts"]:
            state["texts"] = sorted(
                {*state["texts"], *texts[pk], f"another copy has other texts: {pk}"}
            )
    return states


def drafts() -> Iterable[Draft]:
    return Draft.objects.filter(wire_version__isnull=False).select_related("article").order_by("pk")


def draft_state(draft: Draft) -> dict[str, Any]:
    """Holds, plan, article, and how often each person was notified of each kind of change."""
    hold = WireHold.objects.open().filter(draft=draft).first()
    release = Release.objects.waiting().filter(article=draft.article_id or 0).first()
    rows = Notice.objects.filter(kind=draft._meta.label_lower, subject=draft.pk)
    notices = Counter(f"{what} {name}" for what, name in rows.values_list("what", "person__name"))
    events = (
        Event.objects.filter(key=draft.article.key()) if draft.article else Event.objects.none()
    )
    return {
        "hold": hold and [hold.kind, hold.is_hidden],
        "held_back": bool(release and release.held_at),
        "live": bool(draft.article and draft.article.live_id),
        "withdrawn": bool(draft.article and draft.article.withdrawn_at),
        "notices": dict(sorted(notices.items())),
        "events": dict(sorted(Counter(events.values_list("name", flat=True)).items())),
    }


def merged_strangers() -> list[str]:
    """Stories with texts of more than one story of the day, by the number that each text names."""
    tokens: dict[int, set[str]] = defaultdict(set)
    for story, paragraphs in Version.objects.values_list("story", "paragraphs").iterator():
        tokens[story] |= set(STORY_TOKEN.findall(" ".join(paragraphs)))
    return [
        f"story {pk} has texts of {sorted(found)}" for pk, found in tokens.items() if len(found) > 1
    ]


def audited_versions() -> int:
    """How many versions the audit log has."""
    verbs = Q(verb="wire_text") | Q(verb="wire_correction") | Q(verb="wire_cancellation")
    return Entry.objects.filter(verbs, kind="wire.story").count()


# -- Judging ----------------------------------------------------------------------------------------------


def violations(outcome: Outcome, stored: Sequence[DayDelivery]) -> Iterator[str]:
    """What is wrong with an outcome by itself: bytes lost, strangers merged, notified twice, half filed."""
    yield from outcome["strangers"]
    if outcome["unaudited"]:
        yield f"{outcome['unaudited']} versions are not in the audit log, or more entries than versions"
    expected = Counter(f"{each.source} {each.sha256()}" for each in stored)
    is_read = {f"{each.source} {each.sha256()}": each.is_read for each in stored}
    states = outcome["deliveries"]
    for name, copies in expected.items():
        state = states.get(name)
        if state is None or (state["copies"], state["whole"]) != (copies, copies):
            yield f"bytes lost: {name} came {copies} times, stored as {state}"
        elif is_read[name] != (state["outcomes"] == {"read": copies}) or len(state["outcomes"]) > 1:
            yield f"outcomes of {name}: {state['outcomes']}"
        elif is_read[name] != bool(state["texts"]):
            yield f"texts of {name}: {state['texts']}"
    yield from notice_violations(outcome["drafts"])


def notice_violations(states: dict[str, Any]) -> Iterator[str]:
    """Cancellations of which somebody was notified twice, or nobody was."""
    for name, state in states.items():
        cancelled = {
            who: n for who, n in state["notices"].items() if who.startswith("wire_cancelled")
        }
        if any(n != 1 for n in cancelled.values()):
            yield f"{name}: notified more than once: {cancelled}"
        is_cancelled = state["hold"] is not None and state["hold"][0] == "cancelled"
        if is_cancelled != bool(cancelled):
            yield f"{name}: hold {state['hold']}, notices {cancelled}"
        if any(n > 1 for event, n in state["events"].items() if event != "article.updated"):
            yield f"{name}: events {state['events']}"


def differences(ordered: Outcome, other: Outcome) -> Iterator[str]:
    """What is otherwise in the second outcome."""
    before, after = (Counter(map(repr, outcome["stories"])) for outcome in (ordered, other))
    yield from (f"only in order: story {row}"[:900] for row in (before - after).elements())
    yield from (f"only in disorder: story {row}"[:900] for row in (after - before).elements())
    for name, state in ordered["deliveries"].items():
        found = other["deliveries"].get(name, {"texts": None, "outcomes": {}})
        if (found["texts"], found["outcomes"].keys()) != (state["texts"], state["outcomes"].keys()):
            yield f"delivery {name}: {state['texts']} in order, {found['texts']} in disorder"[:900]
    for name, state in ordered["drafts"].items():
        if comparable(found := other["drafts"].get(name, {})) != comparable(state):
            yield f"draft {name}: {state} in order, {found} in disorder"


def comparable(draft: dict[str, Any]) -> dict[str, Any]:
    """What of a draft's state must not depend on the order: of changes other than a cancellation one
    notice may stand for two that arrived in the other order."""
    cancellations = {
        w: n for w, n in draft.get("notices", {}).items() if w.startswith("wire_cancelled")
    }
    others = sorted({what.split()[0] for what in draft.get("notices", {})})
    return {
        **draft,
        "notices": cancellations,
        "others": others,
        "events": sorted(draft.get("events", {})),
    }
