"""Registry of audit verbs: every verb of the audit log with its words, registered by the apps. Pure.

An app registers the verbs that it records in `AppConfig.ready()`; a system check (audit/checks.py) finds
those that are not registered. Two apps may register one verb with the same words.
"""

from collections.abc import Mapping

from django.utils.functional import Promise

# Label of the app -> verb -> words in the past tense, after the name of a person.
VERBS: dict[str, Mapping[str, str | Promise]] = {}


def register_verbs(app_label: str, words_by_verb: Mapping[str, str | Promise]) -> None:
    """Register the verbs that an app records. Call it in `AppConfig.ready()`."""
    VERBS[app_label] = words_by_verb


def registered_verbs() -> set[str]:
    """All verbs that have words."""
    return {verb for words_by_verb in VERBS.values() for verb in words_by_verb}


def verb_label(verb: str) -> str:
    """A verb in words; one without words, of a former version, as it is written."""
    for words_by_verb in VERBS.values():
        if verb in words_by_verb:
            return str(words_by_verb[verb])
    return verb.replace("_", " ")
