"""Colour conversion of photos to sRGB by ICC profiles, compared by CIEDE2000."""

import io

import pytest
from PIL import Image, ImageCms

from media.images.renditions import make_renditions
from tests.support.formats.colour_profiles import (
    ADOBE_GAMMA,
    ADOBE_RGB,
    DISPLAY_P3,
    Triple,
    ciede2000,
    grey_profile,
    lab_of,
    matrix_profile,
    press_profile,
    profile,
)

P3 = matrix_profile(DISPLAY_P3)
SHARP: dict[str, dict[str, object]] = {
    "JPEG": {"quality": 98},
    "WEBP": {"lossless": True},
    "AVIF": {"quality": 98},
    "HEIF": {"quality": 98},
}


def rendition_colour(
    mode: str, colour: object, kind: str = "PNG", **options: object
) -> tuple[int, int, int]:
    """The colour in sRGB of the renditions of an image of one colour."""
    out = io.BytesIO()
    image = Image.new(mode, (400, 300), colour)  # type: ignore[arg-type]
    image.save(out, kind, **(SHARP.get(kind, {}) | options))
    file = make_renditions(out.getvalue()).files[-1].data
    red, green, blue = Image.open(io.BytesIO(file)).getpixel((200, 150))  # type: ignore[misc]
    return red, green, blue


def test_ciede2000_gives_the_published_differences() -> None:
    """Sharma, Wu, Dalal 2005, table 1, pairs 1, 17 and 24."""
    for one, two, difference in (
        ((50, 2.6772, -79.7751), (50, 0, -82.7485), 2.0425),
        ((50, 2.5, 0), (73, 25, -18), 27.1492),
        ((60.2574, -34.0099, 36.2677), (60.4626, -34.1751, 39.4387), 1.2644),
    ):
        assert ciede2000(one, two) == pytest.approx(difference, abs=0.0001)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "TIFF", "AVIF", "HEIF"])
@pytest.mark.parametrize("colour", [(234, 51, 35), (200, 60, 50), (60, 160, 70), (128, 128, 128)])
def test_display_p3_colour_is_converted_to_srgb(kind: str, colour: Triple) -> None:
    actual = rendition_colour("RGB", tuple(colour), kind, icc_profile=P3)
    assert ciede2000(lab_of(colour, DISPLAY_P3), lab_of(actual)) < 2


def test_red_outside_srgb_is_clipped_to_the_reddest_srgb() -> None:
    assert rendition_colour("RGB", (255, 0, 0), icc_profile=P3) >= (250, 0, 0)
    assert max(rendition_colour("RGB", (255, 0, 0), icc_profile=P3)[1:]) < 8


@pytest.mark.parametrize("colour", [(200, 100, 50), (100, 150, 100), (20, 20, 20)])
def test_adobe_rgb_colour_is_converted_to_srgb(colour: Triple) -> None:
    adobe = matrix_profile(ADOBE_RGB, gamma=ADOBE_GAMMA)
    actual = rendition_colour("RGB", tuple(colour), "JPEG", icc_profile=adobe)
    assert ciede2000(lab_of(colour, ADOBE_RGB, gamma=ADOBE_GAMMA), lab_of(actual)) < 2


@pytest.mark.parametrize("kind", ["JPEG", "TIFF"])
def test_cmyk_is_converted_by_its_press_profile(kind: str) -> None:
    lab = (60, 30, 20)
    actual = rendition_colour("CMYK", (0, 255, 0, 0), kind, icc_profile=press_profile(lab))
    assert ciede2000(lab, lab_of(actual)) < 2
    red, green, blue = rendition_colour("CMYK", (0, 255, 255, 0), kind)  # without a profile
    assert red > 200
    assert max(green, blue) < 60


@pytest.mark.parametrize(
    ("mode", "value", "expected"),
    [("L", 128, 188), ("LA", (128, 255), 188), ("LA", (0, 128), 127), ("I;16", 32_768, 188)],
)
def test_greys_with_alpha_are_converted_by_their_profile_on_white(
    mode: str, value: object, expected: int
) -> None:
    """128 on a linear scale is 188 in sRGB; 50 % black on white is a middle grey."""
    for actual in rendition_colour(mode, value, icc_profile=grey_profile(1.0)):
        assert abs(actual - expected) < 3


def test_wide_gamut_transparency_is_on_white() -> None:
    assert rendition_colour("RGBA", (234, 51, 35, 0), icc_profile=P3) == (255, 255, 255)
    actual = rendition_colour("RGBA", (234, 51, 35, 255), icc_profile=P3)
    assert ciede2000(lab_of((255, 0, 0)), lab_of(actual)) < 2


def test_lab_colours_are_converted_to_srgb() -> None:
    out = io.BytesIO()
    Image.new("LAB", (400, 300), (150, 128 + 30, 128 + 20)).save(out, "TIFF")
    file = make_renditions(out.getvalue()).files[-1].data
    actual = Image.open(io.BytesIO(file)).getpixel((200, 150))
    assert ciede2000((150 / 2.55, 30, 20), lab_of(actual)) < 2  # type: ignore[arg-type]


BROKEN = {
    "noise": b"\x9c" * 3000,
    "cut off": P3[:200],
    "a head alone": P3[:128],
    "of the press": press_profile((50, 0, 0)),
    "a link between devices": profile(b"RGB ", {}, kind=b"link"),
    "without curves": profile(b"RGB ", {}),
    "very large": P3 + b"\0" * (5 * 1024 * 1024),
}


@pytest.mark.parametrize("name", BROKEN)
def test_icc_profile_of_another_colour_space_is_ignored(name: str) -> None:
    kind = "TIFF" if name == "very large" else "PNG"
    actual = rendition_colour("RGB", (200, 60, 50), kind, icc_profile=BROKEN[name])
    assert max(abs(a - b) for a, b in zip(actual, (200, 60, 50), strict=True)) < 4


def test_renditions_have_an_srgb_profile() -> None:
    out = io.BytesIO()
    Image.new("RGB", (400, 300)).save(out, "PNG", icc_profile=P3)
    for file in make_renditions(out.getvalue()).files:
        named = ImageCms.ImageCmsProfile(
            io.BytesIO(Image.open(io.BytesIO(file.data)).info["icc_profile"])
        )
        assert "sRGB" in ImageCms.getProfileDescription(named)
