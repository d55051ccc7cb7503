"""Compression of static files: by size, so that a first start does not wait for it."""

import gzip
from pathlib import Path
from typing import Any

import brotli
import pytest

from newsroom.static_files import MAX_BEST_QUALITY_BYTES, FastCompressor, HashedStaticFilesStorage

TEXT = b"".join(b".card-%d { color: #%06x; }\n" % (n, n * 7919 % 0xFFFFFF) for n in range(4000))


def test_small_files_are_compressed_with_the_best_quality() -> None:
    small = TEXT[:MAX_BEST_QUALITY_BYTES]
    assert FastCompressor.compress_brotli(small) == brotli.compress(small, quality=11)


def test_large_files_are_compressed_whole() -> None:
    assert len(TEXT) > MAX_BEST_QUALITY_BYTES
    compressed = FastCompressor.compress_brotli(TEXT)
    assert brotli.decompress(compressed) == TEXT
    assert len(compressed) < len(TEXT) / 3


def test_source_maps_and_pictures_are_not_compressed() -> None:
    storage: Any = HashedStaticFilesStorage  # WhiteNoise has no types
    compressor: Any = storage().create_compressor(extensions=None, quiet=True)
    names = ["page.js", "site.css", "page.js.map", "photo.jpg"]
    assert [name for name in names if compressor.should_compress(name)] == ["page.js", "site.css"]


def test_equal_files_are_compressed_once(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    calls: list[bytes] = []

    def compress(data: bytes, *, quality: int) -> bytes:
        calls.append(data)
        return b"compressed"

    monkeypatch.setattr(brotli, "compress", compress)
    compressor: Any = FastCompressor(quiet=True)  # type: ignore[no-untyped-call]  # no types
    names = ["site.css", "site.0123abcd.css"]
    for name in names:
        (tmp_path / name).write_bytes(TEXT + b"/* of this test alone */")
        compressor.compress(str(tmp_path / name))

    assert len(calls) == 1
    for name in names:
        assert (tmp_path / f"{name}.br").read_bytes() == b"compressed"
        assert gzip.decompress((tmp_path / f"{name}.gz").read_bytes()) == calls[0]
