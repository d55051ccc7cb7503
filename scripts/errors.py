"""Errors of ./run and its tools: a sentence in Korean and English instead of a traceback."""

import errno
import sys
from collections.abc import Iterator
from contextlib import contextmanager


class StartError(Exception):
    """A start that cannot go on. One sentence in Korean and the same in English."""

    def __init__(self, korean: str, english: str) -> None:
        super().__init__(f"{korean}\n{english}")


def start_error_from_os(error: OSError) -> StartError:
    """The StartError for an OSError; unknown ones keep the system's message."""
    path = error.filename or ""
    if error.errno in {errno.ENOSPC, errno.EDQUOT}:
        return StartError(
            f"디스크가 가득 찼습니다: {path} 자리를 비운 뒤 다시 실행해 주세요.",
            f"The disk is full: {path} Free some space and start again.",
        )
    if error.errno in {errno.EACCES, errno.EPERM, errno.EROFS}:
        return StartError(
            f"{path}에 쓸 수 없습니다. 권한을 바꾸거나, 데이터 폴더라면 NEWSROOM_DATA에 다른 곳을 "
            "적어 주세요.",
            f"{path} cannot be written: change its permissions, or set NEWSROOM_DATA elsewhere.",
        )
    return StartError(
        f"시스템이 거절했습니다: {error.strerror} {path}",
        f"The system refused: {error.strerror} {path}",
    )


@contextmanager
def exit_with_message() -> Iterator[None]:
    """Context manager that ends the program with the sentence on stderr and exit status 1."""
    try:
        yield
    except StartError as error:
        sys.exit(str(error))
    except OSError as error:
        sys.exit(str(start_error_from_os(error)))
    except KeyboardInterrupt:
        sys.exit(130)
