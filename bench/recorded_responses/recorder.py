"""Recorder: prepares the demo newsroom, sends every request and writes the responses as JSON."""

import io
import logging
import time
from datetime import timedelta
from urllib.parse import urlsplit

import django
import time_machine
from django.conf import settings
from django.core.management import call_command

from bench.recorded_responses.demo_newsroom import DemoNewsroom
from bench.recorded_responses.desk_requests import request_desk, request_wire
from bench.recorded_responses.extra_content import ExtraContent, add_extra_content
from bench.recorded_responses.page_requests import request_machine_formats, request_pages
from bench.recorded_responses.public_api_requests import request_accounts, request_public_api
from bench.recorded_responses.requester import Requester
from bench.recorded_responses.response_entry import recording_json
from bench.recorded_responses.sqlite_clock import fix_sqlite_clock

STATIC_FILES_BACKEND = "django.contrib.staticfiles.storage.StaticFilesStorage"
# Whatever this process remembered for a second at most is forgotten then.
FORGETTING_SECONDS = 1.5


def record_demo(clock: time_machine.Traveller) -> str:
    """The recording of this checkout as JSON; to be called in a process that imports Django here."""
    fix_sqlite_clock()
    settings.STORAGES["staticfiles"] = {"BACKEND": STATIC_FILES_BACKEND}
    django.setup()
    logging.disable(logging.CRITICAL)
    call_command("prepare", stdout=io.StringIO())
    call_command("demo", stdout=io.StringIO())
    clock.shift(timedelta(minutes=3))
    newsroom = DemoNewsroom(clock)
    extra = add_extra_content(newsroom)
    return record_responses(newsroom, extra)


def record_responses(newsroom: DemoNewsroom, extra: ExtraContent) -> str:
    time.sleep(FORGETTING_SECONDS)
    newsroom.forget_caches()
    requester = Requester(newsroom)
    addresses = request_public_api(requester, extra.former_slug)
    request_pages(requester, addresses)
    request_machine_formats(requester, addresses)
    request_accounts(requester, addresses)
    request_desk(requester, urlsplit(extra.preview_url).path)
    request_wire(requester)
    requester.repeat_anonymous_requests()
    return recording_json(requester.responses)
