"""System checks of the audit log."""

import re
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from django.apps import AppConfig, apps
from django.core import checks

from audit.verbs import VERBS, registered_verbs

RECORDED_VERB = re.compile(r'\bverb="(\w+)"')


@checks.register(deploy=True)  # reads the sources of all apps, 0.1 s: not at every command
def check_verbs(
    app_configs: Sequence[AppConfig] | None, **kwargs: Any
) -> Sequence[checks.CheckMessage]:
    """audit.E001: an app records a verb that no app has registered with its words.

    audit.E002: two apps register one verb with different words.
    """
    configs = app_configs or list(apps.get_app_configs())
    return [*unregistered_verbs(configs), *ambiguous_verbs()]


def unregistered_verbs(configs: Sequence[AppConfig]) -> list[checks.CheckMessage]:
    """audit.E001, by the sources of the apps that record verbs: those that register any."""
    missing = {
        config.label: recorded_verbs(Path(config.path)) - registered_verbs()
        for config in configs
        if config.label in VERBS
    }
    return [
        checks.Error(
            f"The audit verb {verb!r} that {label} records has no words.",
            hint=f"Add it to {label}/audit_verbs.py.",
            id="audit.E001",
        )
        for label, verbs in missing.items()
        for verb in sorted(verbs)
    ]


def recorded_verbs(folder: Path) -> set[str]:
    """The verbs that an app's modules record as literals."""
    modules = (path for path in folder.rglob("*.py") if "migrations" not in path.parts)
    return {verb for path in modules for verb in RECORDED_VERB.findall(path.read_text())}


def ambiguous_verbs() -> list[checks.CheckMessage]:
    """audit.E002."""
    words = defaultdict(set)
    for words_by_verb in VERBS.values():
        for verb, label in words_by_verb.items():
            words[verb].add(str(label))
    return [
        checks.Error(
            f"The audit verb {verb!r} has several meanings: {', '.join(sorted(labels))}.",
            hint="Give one of them another name.",
            id="audit.E002",
        )
        for verb, labels in words.items()
        if len(labels) > 1
    ]
