"""Celery beat scheduler that survives a full disk and a clock that is set back.

Celery's own keeps its state in a dbm file and ends where that cannot be written; after the clock was
set back by an hour it sends nothing for an hour, since everything was run "in the future".
"""

import json
import logging
import time
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from celery.beat import Scheduler, SchedulingError

logger = logging.getLogger(__name__)
CLOCK_SET_BACK_SECONDS = 1.0
LOG_EVERY_SECONDS = 10.0


class FileScheduler(Scheduler):
    """Scheduler that keeps the time of each entry's last run in a JSON file, for daily entries.

    It works without the file too.
    """

    def __init__(self, *args: Any, schedule_filename: str = "", **options: Any) -> None:
        self.file = Path(schedule_filename) if schedule_filename else None
        self.ticked_at: datetime | None = None
        self.logged_at: dict[str, float] = {}
        super().__init__(*args, **options)

    def setup_schedule(self) -> None:
        super().setup_schedule()
        now = self.app.now()
        for name, moment in self.last_runs().items():
            if name in self.schedule:
                self.schedule[name].last_run_at = min(moment, now)

    def last_runs(self) -> dict[str, datetime]:
        """The times from the file; none where it is missing or invalid."""
        try:
            last_runs = json.loads(self.file.read_bytes()) if self.file else {}
            runs = {name: datetime.fromisoformat(moment) for name, moment in last_runs.items()}
            return {name: moment for name, moment in runs.items() if moment.tzinfo}
        except FileNotFoundError:
            return {}
        except (OSError, ValueError, TypeError, AttributeError) as error:
            logger.warning("beat begins anew: %s cannot be read: %s", self.file, error)
            return {}

    def sync(self) -> None:
        if self.file is None:
            return
        runs = {
            name: entry.last_run_at.isoformat()
            for name, entry in self.schedule.items()
            if entry.last_run_at
        }
        part = self.file.with_name(f"{self.file.name}.part")
        try:
            part.write_text(json.dumps(runs, indent=1))
            part.replace(self.file)
        except OSError as error:
            logger.warning("When tasks last ran is not kept: %s", error)

    def apply_entry(self, entry: Any, producer: Any = None) -> None:
        """Send the message of a due entry; where the broker accepts none, log a line without traceback.

        At most one line in LOG_EVERY_SECONDS for each entry.
        """
        try:
            self.apply_async(entry, producer=producer, advance=False)
        except SchedulingError as error:
            now = time.monotonic()
            if now - self.logged_at.get(entry.name, float("-inf")) >= LOG_EVERY_SECONDS:
                self.logged_at[entry.name] = now
                logger.error("The broker takes no message: %s", error)  # noqa: TRY400 -- no bug

    def tick(self, *args: Any, **options: Any) -> float:
        now = self.app.now()
        if self.ticked_at and now < self.ticked_at - timedelta(seconds=CLOCK_SET_BACK_SECONDS):
            logger.warning("The clock was set back by %s", self.ticked_at - now)
            for entry in self.schedule.values():
                entry.last_run_at = min(entry.last_run_at or now, now)
            self._heap = None  # is built again, by the new time
        self.ticked_at = now
        return float(super().tick(*args, **options))
