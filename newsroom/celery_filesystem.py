"""Celery's filesystem transport without its half-read messages.

kombu's own reader takes a message while its writer still writes it and dies of the empty file
(kombu#1551); names sorted by an unpadded clock lose their order; two processes that start together
can read each other's half-written routing table. Here a message appears whole or not at all.
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

# kombu notes a binding for the whole process before it has written the routing table: a thread that
# trusts the note in between sends its messages to nobody.
_binding = threading.Lock()


class Channel(filesystem.Channel):
    """A folder of messages, each a file that was renamed into place."""

    def _put(self, queue: str, payload: dict[str, Any], **kwargs: Any) -> None:  # type: ignore[override]
        name = f"{time.time_ns():020}_{uuid.uuid4()}.{queue}.msg"
        whole = Path(self.data_folder_out) / name
        part = whole.with_name(f"{name}.part")
        try:
            part.write_text(dumps(payload))
            part.rename(whole)
        except OSError as error:
            part.unlink(missing_ok=True)  # a full disk has room for empty files, one a message
            raise ChannelError(f"Cannot add {whole} to the queue: {error}") from error

    def _get(self, queue: str, timeout: float | None = None) -> Any:
        """The oldest message.

        One that a power cut left empty is passed over: the next sweep finds its work again.
        """
        try:
            return super()._get(queue)
        except ValueError:
            logger.warning("A damaged message was put aside; sweeps will find its work.")
            raise Empty from None

    def get_table(self, exchange: str) -> Any:
        with self._table_alone():
            return super().get_table(exchange)

    def queue_bind(self, *args: Any, **kwargs: Any) -> None:
        with _binding:
            super().queue_bind(*args, **kwargs)

    def _queue_bind(self, *args: Any, **kwargs: Any) -> None:
        with self._table_alone():
            super()._queue_bind(*args, **kwargs)

    def _delete(self, *args: Any, **kwargs: Any) -> None:
        with self._table_alone():
            super()._delete(*args, **kwargs)

    def _table_alone(self) -> AbstractContextManager[None]:
        """Hold the routing tables against every other process that uses this folder."""
        return folder_lock(Path(self.control_folder))


class Transport(filesystem.Transport):
    """What `CELERY_BROKER_TRANSPORT` names."""

    Channel = Channel
