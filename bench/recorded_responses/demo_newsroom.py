"""Clients of the demo newsroom: anonymous, readers and staff by session, staff by token."""

import contextlib
import io
import json
import time
from collections.abc import Collection, Mapping
from datetime import timedelta
from typing import Any
from unittest import mock

import time_machine
from celery import current_app
from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.management import call_command
from django.core.management.base import CommandError
from django.test import Client

import newsroom.celery  # noqa: F401  -- the application whose schedule is run
from bench.recorded_responses.environment import HOST, PORT

BROWSER = "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0"
ACCOUNTS = ("reader", "reporter", "editor", "chief", "moderator")
ACCOUNTS_WITH_TOKEN = {"reporter", "editor", "chief"}
TASK_ROUNDS = 3


class DemoNewsroom:
    """The loaded demo; `clients` by name: `anybody`, `editor` (token), `editor by session` …"""

    def __init__(self, clock: time_machine.Traveller) -> None:
        self.clock = clock
        self.clients = {"anybody": new_client()}
        for name in ACCOUNTS:
            user = get_user_model().objects.get(email__startswith=f"{name}@")
            self.clients[f"{name} by session"] = client = new_client()
            client.force_login(user, backend=settings.AUTHENTICATION_BACKENDS[0])
            if name in ACCOUNTS_WITH_TOKEN:
                output = io.StringIO()
                scopes = ("--scope", "desk", "--scope", "wire")
                call_command("token", user.email, *scopes, stdout=output)
                token = output.getvalue().strip()
                self.clients[name] = new_client(authorization=f"Bearer {token}")

    def call(
        self,
        client: str,
        method: str,
        path: str,
        data: Any = None,
        *,
        expected: Collection[int] = (200, 201, 204),
        headers: Mapping[str, str] | None = None,
        content_type: str = "application/json",
    ) -> Any:
        """The response to a request that is not recorded. Raises RuntimeError for another status."""
        body = "" if data is None else data if isinstance(data, bytes) else json.dumps(data)
        response = self.clients[client].generic(
            method, path, body, content_type=content_type, headers=dict(headers or {})
        )
        if response.status_code not in expected:
            raise RuntimeError(
                f"{method} {path}: {response.status_code} {response.content[:500]!r}"
            )
        return response

    def read(self, client: str, path: str) -> Any:
        return self.call(client, "GET", path).json()

    def change(
        self,
        client: str,
        method: str,
        draft: int,
        action: str = "",
        data: Any = None,
    ) -> Any:
        """Change a draft, or call one of its actions, with its current ETag in If-Match."""
        path = f"/api/v1/desk/drafts/{draft}/"
        headers = {"if-match": self.call(client, "GET", path)["ETag"]}
        if action:
            path += f"{action}/"
        return self.call(client, method, path, data, headers=headers)

    def act(self, client: str, draft: int, action: str, data: Any = None) -> Any:
        return self.change(client, "POST", draft, action, data or {})

    def advance(self, **duration: float) -> None:
        self.clock.shift(timedelta(**duration))

    def forget_caches(self) -> None:
        """Make each client build its middleware again, and the response cache with it."""
        for client in self.clients.values():
            client.handler._middleware_chain = None  # type: ignore[attr-defined]


def new_client(**headers: str) -> Client:
    return Client(
        raise_request_exception=False,
        headers={"host": f"{HOST}:{PORT}", "user-agent": BROWSER, **headers},
        SERVER_NAME=HOST,
        SERVER_PORT=PORT,
    )


def run_periodic_tasks() -> None:
    """Run every task of the beat schedule, in its order, often enough to finish all there is to do."""
    current_app.loader.import_default_modules()
    names = [entry["task"] for entry in current_app.conf.beat_schedule.values()]
    # Tasks that work for part of a second finish.
    with mock.patch("time.monotonic", return_value=time.monotonic()):
        for _round in range(TASK_ROUNDS):
            for name in names:
                if "tell_people" not in name:  # works in a thread of its own; the command does not
                    current_app.tasks[name].apply(throw=True)
    with contextlib.suppress(CommandError):
        call_command("tell_people", stdout=io.StringIO())
