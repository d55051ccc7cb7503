"""Half a minute in which everything is killed, and nothing is lost, early or told twice over.

Longer: `python -m bench.chaos --minutes 10 --seed 7`. A failure prints its seed, the blows in their
order, and where the processes' logs are.
"""

import pytest

from tests.chaos.run import run

SEED = 20261121


@pytest.mark.postgres
@pytest.mark.redis
def test_through_kills_flushes_and_crashes_every_story_goes_out_once_and_on_time() -> None:
    """publishing 1, 2, 7-13, 38, 75; wire 5c: 2,000 stories over 30 s, and never one seen early."""
    report = run(seed=SEED, stories=2000, seconds=30)
    assert not report.wrong, str(report)
    print(report)
