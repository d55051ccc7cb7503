"""Renditions of images: metadata, orientation, widths, colours, refusals."""

import io
import struct
import zlib
from collections.abc import Callable

import pytest
from PIL import ExifTags, Image, ImageCms, PngImagePlugin

from media.images.headers import read_image_header
from media.images.limits import UnfitImage
from media.images.renditions import make_renditions
from tests.support import make

SECRET = "37.5665N-SeoulSecret"


def encoded(image: Image.Image, kind: str, **options: object) -> bytes:
    out = io.BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


def camera_exif(orientation: int = 1) -> Image.Exif:
    """EXIF as phones write it: location, time, camera."""
    exif = Image.Exif()
    exif[ExifTags.Base.Orientation] = orientation
    exif[ExifTags.Base.Make] = SECRET
    exif[ExifTags.Base.Artist] = SECRET
    gps = exif.get_ifd(ExifTags.IFD.GPSInfo)
    gps[ExifTags.GPS.GPSLatitudeRef] = "N"
    gps[ExifTags.GPS.GPSLatitude] = (37.0, 33.0, 59.0)
    gps[ExifTags.GPS.GPSProcessingMethod] = SECRET
    return exif


def profile() -> bytes:
    return ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()


def corner_colour(data: bytes) -> tuple[int, int, int]:
    pixel = Image.open(io.BytesIO(data)).convert("RGB").getpixel((2, 2))
    assert isinstance(pixel, tuple)
    return pixel[0], pixel[1], pixel[2]


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_renditions_have_no_location_or_camera_metadata(kind: str) -> None:
    image, own = Image.new("RGB", (2000, 1000), (40, 90, 160)), profile()
    xmp = f"<x:xmpmeta xmlns:x='adobe:ns:meta/'>{SECRET}</x:xmpmeta>".encode()
    options: dict[str, object] = {"exif": camera_exif(), "icc_profile": own}
    if kind == "PNG":
        notes = PngImagePlugin.PngInfo()
        notes.add_itxt("XML:com.adobe.xmp", xmp.decode())
        notes.add_text("Comment", SECRET)
        options["pnginfo"] = notes
    else:
        options["xmp"] = xmp
    if kind == "JPEG":
        options["comment"] = SECRET
    raw = encoded(image, kind, **options)
    assert SECRET.encode() in raw
    renditions = make_renditions(raw)
    for file in renditions.files:
        assert SECRET.encode() not in file.data
        opened = Image.open(io.BytesIO(file.data))
        assert not dict(opened.getexif())
        assert not {"xmp", "comment", "photoshop", "exif"} & set(opened.info)
        named = ImageCms.ImageCmsProfile(io.BytesIO(opened.info["icc_profile"]))
        assert "sRGB" in ImageCms.getProfileDescription(named)


@pytest.mark.parametrize("orientation", range(1, 9))
def test_renditions_are_upright_for_every_exif_orientation(orientation: int) -> None:
    """The red corner is at the top left, whatever the orientation of the stored pixels."""
    scene = Image.new("RGB", (900, 600), "blue")
    scene.paste("red", (0, 0, 450, 300))
    lies = {
        1: None,
        2: Image.Transpose.FLIP_LEFT_RIGHT,
        3: Image.Transpose.ROTATE_180,
        4: Image.Transpose.FLIP_TOP_BOTTOM,
        5: Image.Transpose.TRANSPOSE,
        6: Image.Transpose.ROTATE_90,
        7: Image.Transpose.TRANSVERSE,
        8: Image.Transpose.ROTATE_270,
    }[orientation]
    stored = scene.transpose(lies) if lies is not None else scene
    renditions = make_renditions(encoded(stored, "JPEG", quality=95, exif=camera_exif(orientation)))
    assert (renditions.width, renditions.height) == (900, 600)
    for file in renditions.files:
        red, _green, blue = corner_colour(file.data)
        assert red > 200
        assert blue < 60


@pytest.mark.parametrize(
    ("width", "widths"),
    [
        (64, [64]),
        (479, [479]),
        (480, [480]),
        (481, [480, 481]),
        (1600, [480, 960, 1600]),
        (1601, [480, 960, 1600]),
        (4000, [480, 960, 1600]),
    ],
)
def test_rendition_widths_are_unique_and_never_upscaled(width: int, widths: list[int]) -> None:
    renditions = make_renditions(make.image_bytes(size=(width, max(1, width // 2))))
    assert [file.width for file in renditions.files] == widths
    for file in renditions.files:
        assert Image.open(io.BytesIO(file.data)).size == (file.width, file.height)
    assert len(renditions.placeholder) < 800


@pytest.mark.parametrize("size", [(32, 32), (700, 20_000), (20_000, 500), (500, 20_000)])
def test_long_and_small_images_keep_their_size(size: tuple[int, int]) -> None:
    renditions = make_renditions(encoded(Image.new("RGB", size, "green"), "PNG"))
    assert renditions.height <= 16_000
    assert renditions.width <= 1600


@pytest.mark.parametrize(
    ("mode", "colour", "kind", "expected"),
    [
        ("RGBA", (255, 0, 0, 0), "PNG", (255, 255, 255)),
        ("LA", (0, 0), "PNG", (255, 255, 255)),
        ("L", 128, "PNG", (128, 128, 128)),
        ("1", 1, "PNG", (255, 255, 255)),
        ("I;16", 32_768, "PNG", (128, 128, 128)),
        ("CMYK", (0, 255, 255, 0), "JPEG", (255, 0, 0)),
        ("P", 0, "GIF", (0, 0, 0)),
        ("RGBA", (0, 0, 255, 255), "WEBP", (0, 0, 255)),
    ],
)
def test_renditions_have_the_right_colours_for_every_image_mode(
    mode: str, colour: object, kind: str, expected: tuple[int, int, int]
) -> None:
    raw = encoded(Image.new(mode, (2000, 600), colour), kind)  # type: ignore[arg-type]
    for file in make_renditions(raw).files:
        assert all(
            abs(got - want) < 12
            for got, want in zip(corner_colour(file.data), expected, strict=True)
        )


def gif(frames: int) -> bytes:
    pictures = [Image.new("L", (8, 8), n % 256) for n in range(frames)]
    return encoded(pictures[0], "GIF", save_all=True, append_images=pictures[1:], duration=20)


def bomb(width: int, height: int) -> bytes:
    """A PNG whose header states a huge size."""

    def chunk(name: bytes, data: bytes) -> bytes:
        return (
            struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
        )

    head = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    rows = zlib.compress(b"\0" * 100_000)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


SVG = b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>"
NO_PHOTOS: dict[str, tuple[Callable[[], bytes], str]] = {
    "nothing": (lambda: b"", "not_a_photo"),
    "only a beginning": (lambda: b"\xff\xd8\xff", "not_a_photo"),
    "text": (lambda: b"not a picture", "not_a_photo"),
    "a drawing with a script": (lambda: SVG, "not_a_photo"),
    "a page": (lambda: b"<html><script>alert(1)</script></html>", "not_a_photo"),
    "a script called GIF": (lambda: b"GIF89a/*<script>alert(1)</script>*/", "not_a_photo"),
    "a document": (lambda: b"%PDF-1.7 %%EOF", "not_a_photo"),
    "a program for printers": (lambda: b"%!PS-Adobe-3.0 EPSF-3.0", "not_a_photo"),
    "a film": (lambda: b"\0\0\0\x18ftypisom\0\0\0\0isommp42" + b"\0" * 99, "not_a_photo"),
    "no width": (lambda: bomb(0, 10), "not_a_photo"),
    "a bomb": (lambda: bomb(30_000, 30_000), "too_many_pixels"),
    "the largest bomb": (lambda: bomb(2**31 - 1, 2**31 - 1), "too_many_pixels"),
    "two frames": (lambda: gif(2), "moving_picture"),
    "ten thousand frames": (lambda: gif(10_000), "moving_picture"),
    "one pixel": (lambda: make.image_bytes(size=(1, 1), kind="PNG"), "too_small"),
    "a line": (lambda: make.image_bytes(size=(900, 31)), "too_small"),
    "a ribbon": (lambda: make.image_bytes(size=(50, 20_000)), "too_elongated"),
}
HALF_PHOTOS: dict[str, Callable[[], bytes]] = {
    "half a JPEG": lambda: make.image_bytes(size=(900, 600))[:-200],
    "half a PNG": lambda: make.image_bytes(size=(900, 600), kind="PNG")[:-60],
    "half a HEIC": lambda: make.image_bytes(size=(900, 600), kind="HEIF")[:-60],
    "half an AVIF": lambda: make.image_bytes(size=(900, 600), kind="AVIF")[:-30],
    "half a TIFF": lambda: make.image_bytes(size=(900, 600), kind="TIFF")[:-60_000],
    "half a bitmap": lambda: make.image_bytes(size=(900, 600), kind="BMP")[:-60_000],
    "a promise that is not kept": lambda: bomb(5_000, 5_000),
}


@pytest.mark.parametrize("name", NO_PHOTOS)
@pytest.mark.parametrize(
    "look", [make_renditions, lambda raw: read_image_header(io.BytesIO(raw))], ids=["whole", "head"]
)
def test_unfit_image_is_refused_by_its_header(name: str, look: Callable[[bytes], object]) -> None:
    raw, code = NO_PHOTOS[name]
    with pytest.raises(UnfitImage) as refusal:
        look(raw())
    assert refusal.value.code == code


@pytest.mark.parametrize("name", HALF_PHOTOS)
def test_truncated_image_is_refused_when_decoded(name: str) -> None:
    with pytest.raises(UnfitImage) as refusal:
        make_renditions(HALF_PHOTOS[name]())
    assert refusal.value.code == "not_a_photo"


def test_data_appended_to_an_image_is_not_served() -> None:
    raw = make.image_bytes(size=(900, 600)) + b"PK\x03\x04<script>alert(1)</script>"
    for file in make_renditions(raw).files:
        assert b"script" not in file.data
