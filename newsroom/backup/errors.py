"""Errors of backup and restore; each is a sentence in Korean and the same in English."""

import errno


class BackupError(Exception):
    """A backup or restore that cannot be done. Carries the sentence in both languages."""

    def __init__(self, korean: str, english: str) -> None:
        super().__init__(f"{korean}\n{english}")
        self.korean, self.english = korean, english


def from_os_error(error: OSError) -> BackupError:
    """The BackupError for an error of the file system: no space, no permission, or its own message."""
    path = error.filename or ""
    if error.errno in {errno.ENOSPC, errno.EDQUOT}:
        return BackupError(
            f"디스크에 자리가 모자랍니다: {path} 자리를 비운 뒤 다시 실행해 주세요.",
            f"The disk is full: {path} Free some space and run the command again.",
        )
    if error.errno in {errno.EACCES, errno.EPERM, errno.EROFS}:
        return BackupError(
            f"{path}에 접근할 수 없습니다. 권한을 확인하거나 다른 폴더를 적어 주세요.",
            f"{path} cannot be accessed: check its permissions, or name another folder.",
        )
    return BackupError(
        f"시스템이 거절했습니다: {error.strerror} {path}",
        f"The system refused: {error.strerror} {path}",
    )
