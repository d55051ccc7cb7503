"""Celery's filesystem transport with atomic messages and routing tables.

kombu's own reads a message while its writer still writes it and dies of the empty file (kombu#1551);
names sorted by an unpadded clock lose their order; two processes that start together can read each
other's half-written routing table. Here a message appears complete or not at all.
"""

import logging
import threading
import time
import uuid
from contextlib import AbstractContextManager
from pathlib import Path
from queue import Empty
from typing import Any

from kombu.exceptions import ChannelError
from kombu.transport import filesystem
from kombu.utils.json import dumps

from newsroom.file_lock import folder_lock

logger = logging.getLogger(__name__)

# kombu marks a queue as bound for the whole process before it has written the routing table: another
# thread in between would send its messages to no queue.
_binding_lock = threading.Lock()


class Channel(filesystem.Channel):
    """A folder of messages, each a file that is renamed into place."""

    def _put(self, queue: str, payload: dict[str, Any], **kwargs: Any) -> None:  # type: ignore[override]
        name = f"{time.time_ns():020}_{uuid.uuid4()}.{queue}.msg"
        message = Path(self.data_folder_out) / name
        part = message.with_name(f"{name}.part")
        try:
            part.write_text(dumps(payload))
            part.rename(message)
        except OSError as error:
            part.unlink(missing_ok=True)  # a full disk has room for empty files, one a message
            raise ChannelError(f"Cannot add {message} to the queue: {error}") from error

    def _get(self, queue: str, timeout: float | None = None) -> Any:
        """The oldest message.

        One that a power cut left empty is skipped: its task finds the due rows at its next run.
        """
        try:
            return super()._get(queue)
        except ValueError:
            logger.warning(
                "A damaged message was skipped; the next run of its task finds the rows."
            )
            raise Empty from None

    def get_table(self, exchange: str) -> Any:
        with self._lock_tables():
            return super().get_table(exchange)

    def queue_bind(self, *args: Any, **kwargs: Any) -> None:
        with _binding_lock:
            super().queue_bind(*args, **kwargs)

    def _queue_bind(self, *args: Any, **kwargs: Any) -> None:
        with self._lock_tables():
            super()._queue_bind(*args, **kwargs)

    def _delete(self, *args: Any, **kwargs: Any) -> None:
        with self._lock_tables():
            super()._delete(*args, **kwargs)

    def _lock_tables(self) -> AbstractContextManager[None]:
        """Lock the routing tables against other processes that use this folder."""
        return folder_lock(Path(self.control_folder))


class Transport(filesystem.Transport):
    """The transport that CELERY_BROKER_TRANSPORT names."""

    Channel = Channel
