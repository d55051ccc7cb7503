"""Static files storage: hashed names and compressed copies, made at the first start.

WhiteNoise compresses everything with Brotli's highest quality, which took 53 s of processor time,
nearly all of it for the API documentation and the editor.  Large files get a lower quality (0.3 s,
12 % larger), and source maps none; what readers load is small and compressed as before.
"""

from functools import cache
from typing import Any

import brotli
from whitenoise.compress import Compressor
from whitenoise.storage import CompressedManifestStaticFilesStorage

MAX_BEST_QUALITY_BYTES = 32 * 1024
BEST_QUALITY, FAST_QUALITY = 11, 5
UNCOMPRESSED_EXTENSIONS = (*Compressor.SKIP_COMPRESS_EXTENSIONS, "map")


def compress_brotli(data: bytes) -> bytes:
    """Compress with a quality by the size of the data."""
    is_small = len(data) <= MAX_BEST_QUALITY_BYTES
    return bytes(brotli.compress(data, quality=BEST_QUALITY if is_small else FAST_QUALITY))


class FastCompressor(Compressor):
    """Compressor that compresses equal data once.

    Nearly every file is there twice, with and without the hash in its name.
    """

    compress_brotli = staticmethod(cache(compress_brotli))
    compress_gzip = staticmethod(cache(Compressor.compress_gzip))


class HashedStaticFilesStorage(CompressedManifestStaticFilesStorage):
    """WhiteNoise's manifest storage, compressing fast."""

    def create_compressor(self, **options: Any) -> Compressor:
        options["extensions"] = UNCOMPRESSED_EXTENSIONS
        return FastCompressor(**options)  # type: ignore[no-untyped-call]  # WhiteNoise has no types
