"""Brings pip to a Python that came without it, from the registry that is configured.

No address is written here: it comes from PIP_INDEX_URL, UV_DEFAULT_INDEX or pip's configuration.
"""

import configparser
import hashlib
import os
import re
import urllib.error
import urllib.parse
import urllib.request
from pathlib import Path

from scripts.trouble import Trouble

CONFIGURATIONS = ("~/.config/pip/pip.conf", "~/.pip/pip.conf", "/etc/pip.conf")


def fetch_pip(folder: Path, lock: Path) -> Path:
    """The pip wheel that `lock` pins, kept in `folder`; checked against its hash.

    Raises Trouble when no registry is configured, reachable or trustworthy.
    """
    version, hashes = pinned(lock)
    index = configured_index()
    if not index:
        raise Trouble(
            "이 파이썬에는 pip이 없습니다. sudo apt install python3-venv (데비안·우분투) 뒤에 "
            "다시 실행하거나, 쓰시는 패키지 저장소를 PIP_INDEX_URL에 적어 주세요.",
            "This Python has no pip: install python3-venv, or uv, or set PIP_INDEX_URL.",
        )
    name = f"pip-{version}-py3-none-any.whl"
    try:
        page = read(f"{index.rstrip('/')}/pip/").decode()
        content = read(urllib.parse.urljoin(f"{index.rstrip('/')}/pip/", link(page, name)))
    except (urllib.error.URLError, ValueError) as error:
        raise Trouble(
            f"패키지 저장소에서 pip을 받지 못했습니다: {error}",
            "The package registry cannot be reached; check the network and PIP_INDEX_URL.",
        ) from None
    if hashlib.sha256(content).hexdigest() not in hashes:
        raise Trouble(
            "저장소가 보낸 pip이 잠금 파일의 해시와 다릅니다. 저장소를 확인해 주세요.",
            "The pip that the registry sent does not match its hash.",
        )
    wheel = folder / name
    wheel.write_bytes(content)
    return wheel


def pinned(lock: Path) -> tuple[str, set[str]]:
    """Version and SHA-256 hashes of the one package in the lock."""
    text = lock.read_text()
    version = re.search(r"^pip==(\S+)", text, re.MULTILINE)
    if version is None:
        raise ValueError(f"{lock} pins no pip")
    return version[1], set(re.findall(r"--hash=sha256:([0-9a-f]{64})", text))


def configured_index() -> str:
    for variable in ("PIP_INDEX_URL", "UV_DEFAULT_INDEX", "UV_INDEX_URL"):
        if os.environ.get(variable):
            return os.environ[variable]
    configuration = configparser.RawConfigParser()
    chosen = os.environ.get("PIP_CONFIG_FILE")
    files = [chosen] if chosen else [str(Path(f).expanduser()) for f in CONFIGURATIONS]
    configuration.read(files)
    return configuration.get("global", "index-url", fallback="")


def link(page: str, name: str) -> str:
    """The address of one file on a registry's page.

    Raises ValueError when the page does not list it.
    """
    found = re.search(rf'href="([^"]*/)?({re.escape(name)})(#[^"]*)?"', page)
    if found is None:
        raise ValueError(f"{name} is not listed there")
    return (found[1] or "") + found[2]


def read(address: str) -> bytes:
    # The address comes from the person's own configuration.
    with urllib.request.urlopen(address, timeout=30) as answer:  # noqa: S310
        content: bytes = answer.read()
    return content
