"""Fixtures of suggestions."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.support.assistants import LINES, completion
from tests.support.loopback.receivers import HTTPReceiver, running_receiver


@pytest.fixture
def assistant(settings: Any) -> Iterator[HTTPReceiver]:
    with running_receiver() as receiver:
        settings.ASSISTANT_URL = f"http://127.0.0.1:{receiver.port}/v1/"
        settings.ASSISTANT_KEY, settings.ASSISTANT_MODEL = "s3cret", "virtual"
        settings.ASSISTANT_TIMEOUT_SECONDS = 5.0
        receiver.answer = completion(LINES)
        yield receiver
