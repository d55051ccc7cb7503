"""Schemathesis in all its phases against a running server: zero failures.

Coverage, which takes minutes, has a minute here; the other phases have so many examples, for a time would
end a run on a slow machine before the last one. `python -m bench.contract` gives all as long as one likes.
"""

from pathlib import Path
from typing import Any

import pytest

from accounts.actions import issue_token
from tests.newsroom.api.test_api_clients import session_of
from tests.support import make
from tests.support.contract.schemathesis_runner import PHASES, run_schemathesis

EXAMPLES = 5  # of each operation
COVERAGE_SECONDS = 60


@pytest.mark.postgres
def test_what_the_document_allows_and_forbids_is_answered_as_it_says(
    live_server: Any, settings: Any, tmp_path: Path
) -> None:
    rates = settings.REST_FRAMEWORK["DEFAULT_THROTTLE_RATES"]
    generous = dict.fromkeys(rates, "1000000/min")
    settings.REST_FRAMEWORK = settings.REST_FRAMEWORK | {"DEFAULT_THROTTLE_RATES": generous}
    make.live(poll=make.poll_data(), lead_photo=make.photo())
    token = issue_token(make.staff("chief", role="chief"), scopes=("desk", "wire"))
    access: Any = {"token": token, "session": session_of("chi"), "folder": tmp_path}
    rest = [phase for phase in PHASES if phase != "Coverage"]
    output = run_schemathesis(
        live_server.url, phases=rest, extent=f"--max-examples={EXAMPLES}", **access
    )
    for phase in rest:
        assert f"✅ {phase}" in output, output[-3000:]
    output = run_schemathesis(
        live_server.url, phases=["Coverage"], extent=f"--max-time={COVERAGE_SECONDS}", **access
    )
    assert "✅ Coverage" in output, output[-3000:]
