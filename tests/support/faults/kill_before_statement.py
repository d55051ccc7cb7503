"""Counter of database statements that kills the process before the N-th."""

import os
import signal
from collections.abc import Callable
from typing import Any


class KillBeforeStatement:
    """Counter of database statements that kills the process before the N-th."""

    def __init__(self, last: int) -> None:
        self.last, self.sent = last, 0

    def step(self) -> None:
        self.sent += 1
        if self.sent == self.last:
            os.kill(os.getpid(), signal.SIGKILL)

    def wrap_execute(self, execute: Callable[..., Any], *arguments: Any) -> Any:
        self.step()
        return execute(*arguments)
