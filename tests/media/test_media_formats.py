"""Image headers and formats of photos."""

import io
from collections.abc import Callable
from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import ExifTags, Image

from media.images.headers import read_image_header
from media.images.limits import UnfitImage
from media.images.renditions import make_renditions
from tests.support import make

KINDS = ["JPEG", "PNG", "WEBP", "GIF", "AVIF", "HEIF", "TIFF", "BMP"]
TURNABLE = ["JPEG", "PNG", "WEBP", "AVIF", "HEIF", "TIFF"]
# Transpositions of the stored pixels for an upright image, by EXIF orientation.
STORED_TRANSPOSE = {
    1: None,
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_90,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_270,
}


def encoded(image: Image.Image, kind: str, **options: object) -> bytes:
    out = io.BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


def oriented(kind: str, orientation: int) -> bytes:
    """A blue image, red at its top left, stored with this EXIF orientation."""
    scene = Image.new("RGB", (640, 400), "blue")
    scene.paste("red", (0, 0, 320, 200))
    lies = STORED_TRANSPOSE[orientation]
    stored = scene.transpose(lies) if lies is not None else scene
    exif = Image.Exif()
    exif[ExifTags.Base.Orientation] = orientation
    return encoded(stored, kind, exif=exif.tobytes())


@pytest.mark.parametrize("kind", KINDS)
def test_every_image_format_is_decoded(kind: str) -> None:
    renditions = make_renditions(make.image_bytes(size=(640, 400), kind=kind))
    assert [(file.width, file.height) for file in renditions.files] == [(480, 300), (640, 400)]


@pytest.mark.parametrize("orientation", STORED_TRANSPOSE)
@pytest.mark.parametrize("kind", TURNABLE)
def test_orientation_is_applied_once_in_every_format(kind: str, orientation: int) -> None:
    raw = oriented(kind, orientation)
    header, renditions = read_image_header(io.BytesIO(raw)), make_renditions(raw)
    assert (header.format, header.width, header.height) == (kind, 640, 400)
    assert (renditions.width, renditions.height) == (640, 400)
    image = Image.open(io.BytesIO(renditions.files[-1].data))
    corners = [image.crop((x, y, x + 1, y + 1)) for x in (20, 600) for y in (20, 380)]
    reds = [corner.getextrema()[0][0] for corner in corners]  # type: ignore[index]
    assert [red > 200 for red in reds] == [True, False, False, False]


@pytest.mark.parametrize(
    ("mode", "kind", "options"),
    [
        *(("RGBA", kind, {}) for kind in ("PNG", "WEBP", "AVIF", "HEIF", "TIFF")),
        *(("L", kind, {}) for kind in ("JPEG", "PNG", "AVIF", "HEIF", "TIFF", "BMP")),
        *(("CMYK", "TIFF", {"compression": name}) for name in ("raw", "tiff_lzw")),
        ("RGB", "WEBP", {"lossless": True}),
        ("RGB", "TIFF", {"compression": "tiff_adobe_deflate"}),
        ("RGB", "TIFF", {"big_tiff": True}),
        ("1", "TIFF", {}),
        ("I;16", "TIFF", {}),
        ("P", "BMP", {}),
    ],
)
def test_image_header_and_decoder_agree(mode: str, kind: str, options: dict[str, object]) -> None:
    raw = encoded(Image.new(mode, (700, 300)), kind, **options)
    header, renditions = read_image_header(io.BytesIO(raw)), make_renditions(raw)
    assert (header.format, header.width, header.height) == (kind, 700, 300)
    assert (renditions.width, renditions.height) == (700, 300)


def test_first_image_of_tiff_and_mpo_is_used() -> None:
    first, second = Image.new("RGB", (640, 400), "red"), Image.new("RGB", (64, 64), "blue")
    for kind in ("TIFF", "MPO", "HEIF"):
        renditions = make_renditions(encoded(first, kind, save_all=True, append_images=[second]))
        assert (renditions.width, renditions.height) == (640, 400)
        red, _green, blue = Image.open(io.BytesIO(renditions.files[-1].data)).getpixel((9, 9))  # type: ignore[misc]
        assert red > 200 > blue


@pytest.mark.parametrize("kind", ["GIF", "WEBP", "PNG", "AVIF"])
def test_animated_image_is_refused_by_its_header(kind: str) -> None:
    frames = [Image.new("RGB", (64, 64), colour) for colour in ("red", "green", "blue")]
    raw = encoded(frames[0], kind, save_all=True, append_images=frames[1:], duration=90)
    for look in (lambda raw: read_image_header(io.BytesIO(raw)), make_renditions):
        with pytest.raises(UnfitImage) as refusal:
            look(raw)
        assert refusal.value.code == "moving_picture"


# -- Malformed files -----------------------------------------------------------------------


def complete_images() -> list[bytes]:
    return [make.image_bytes(size=(64, 48), kind=kind) for kind in KINDS]


@settings(deadline=None, max_examples=400)
@given(st.sampled_from(complete_images()), st.data())
def test_broken_image_header_raises_unfit_image(raw: bytes, data: st.DataObject) -> None:
    broken = bytearray(raw[: data.draw(st.integers(0, len(raw)))])
    for _change in range(data.draw(st.integers(0, 6))):
        if broken:
            broken[data.draw(st.integers(0, min(len(broken), 700) - 1))] = data.draw(
                st.integers(0, 255)
            )
    try:
        header = read_image_header(io.BytesIO(bytes(broken)))
    except UnfitImage:
        return
    assert header.width >= 32
    assert header.height >= 32


def segments() -> bytes:
    return b"\xff\xd8\xff" + b"\xe1\0\2\xff" * 2_000_000


def chunks() -> bytes:
    return make.image_bytes(kind="PNG")[:33] + b"\0\0\0\0tEXt\0\0\0\0" * 700_000


def blocks() -> bytes:
    return b"GIF89a" + b"\x40\0\x40\0\0\0\0" + b",\0\0\0\0\x40\0\x40\0\0\x02" + b"\1\1" * 4_000_000


def nested() -> bytes:
    return make.image_bytes(kind="AVIF")[:32] + b"\0\0\0\x08free" * 900_000


@pytest.mark.parametrize("make_file", [segments, chunks, blocks, nested])
def test_image_header_reading_is_bounded(make_file: Callable[[], bytes]) -> None:
    class Counted(io.BytesIO):
        reads = 0

        def read(self, size: int | None = -1, /) -> bytes:
            self.reads += 1
            return super().read(size)

    file = Counted(make_file())
    with suppress(UnfitImage):
        read_image_header(file)
    assert file.reads <= 20_000
