"""App that leaves keys out of invalidations, as a faulty rule would."""

from collections.abc import Iterable
from typing import Any

from django.apps import AppConfig

from newsroom.db.invalidation_rules import KEY_RESOLVERS


def no_keys(_cursor: Any, _values: Iterable[str]) -> list[str]:
    return []


class DeafCacheConfig(AppConfig):
    """After the apps that registered the resolvers."""

    name = "tests.support.faults"
    label = "deaf_cache"

    def ready(self) -> None:
        KEY_RESOLVERS.update({"article": no_keys, "article_id": no_keys})
