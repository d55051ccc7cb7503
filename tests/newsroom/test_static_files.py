"""Compression of static files: by size, so that a first start does not wait for it."""

from typing import Any

import brotli

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
