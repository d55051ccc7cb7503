"""A PostgreSQL that dies and comes back with what it had promised to keep."""

import signal
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager

import psycopg

from tests.servers import Cluster, folder_of_nobody, new_cluster, running_postgres

# What was committed outlives the server's processes: it is in the log of the database before the
# commit is answered. Not the machine, which is not what is tested: nothing is forced to the disk.
LASTING = ("fsync=off", "shared_buffers=96MB", "max_connections=120")
# For measurements: every commit is on the disk before it is answered.
FORCED = ("shared_buffers=256MB", "max_connections=120")


class LastingPostgres:
    """The same files and the same port before and after each death."""

    def __init__(self, cluster: Cluster, settings: Sequence[str]) -> None:
        self.cluster, self.url, self.settings = cluster, cluster.url, settings
        self.running = ExitStack()
        self.start()

    def start(self) -> None:
        self.process = self.running.enter_context(running_postgres(self.cluster, self.settings))

    def die(self) -> None:
        """Immediate shutdown: every connection is cut, nothing is written down any more."""
        self.process.send_signal(signal.SIGQUIT)
        self.process.wait(20)
        self.running.close()

    def connect(self) -> psycopg.Connection[tuple[object, ...]]:
        return psycopg.connect(self.url, autocommit=True)


@contextmanager
def lasting_postgres(settings: Sequence[str] = LASTING) -> Iterator[LastingPostgres]:
    """One for the length of the block, with these settings of the server."""
    with folder_of_nobody("newsroom-lasting-") as home:
        database = LastingPostgres(new_cluster(home), settings)
        try:
            yield database
        finally:
            database.running.close()
