"""ICC profiles made by hand, and colour differences by formula: judges of what Little CMS converts.

Matrix profiles after ICC.1:2022, colour differences after CIE 142 (CIEDE2000).
"""

import math
import struct
from collections.abc import Sequence

Triple = tuple[float, float, float]
D50: Triple = (0.9642, 1.0, 0.8249)
# Colorants adapted to D50 (Bradford), as published with the profiles of that name.
DISPLAY_P3 = (
    (0.51512, 0.24120, -0.00105),
    (0.29198, 0.69225, 0.04189),
    (0.15710, 0.06657, 0.78407),
)
ADOBE_RGB = ((0.60974, 0.31111, 0.01947), (0.20528, 0.62567, 0.06087), (0.14919, 0.06322, 0.74457))
SRGB = ((0.43607, 0.22249, 0.01392), (0.38515, 0.71687, 0.09708), (0.14307, 0.06061, 0.71410))
SRGB_CURVE = (2.4, 1 / 1.055, 0.055 / 1.055, 1 / 12.92, 0.04045)
ADOBE_GAMMA = 2.19921875


def fixed(value: float) -> bytes:
    return struct.pack(">i", round(value * 65536))


def profile(
    space: bytes, tags: dict[bytes, bytes], *, kind: bytes = b"mntr", pcs: bytes = b"XYZ "
) -> bytes:
    """A profile of version 4 with these tags."""
    tags = {b"wtpt": b"XYZ \0\0\0\0" + b"".join(map(fixed, D50)), **tags}
    table, body, at = struct.pack(">I", len(tags)), b"", 128 + 4 + 12 * len(tags)
    for name, data in tags.items():
        padded = data + b"\0" * (-len(data) % 4)
        table += struct.pack(">4sII", name, at + len(body), len(data))
        body += padded
    header = struct.pack(
        ">I4sI4s4s4s12s4s28s12s48s",
        128 + len(table) + len(body),
        b"",
        0x04200000,
        kind,
        space,
        pcs,
        struct.pack(">6H", 2026, 1, 1, 0, 0, 0),
        b"acsp",
        b"",
        b"".join(map(fixed, D50)),
        b"",
    )
    return header + table + body


def curve(gamma: float) -> bytes:
    return b"para\0\0\0\0" + struct.pack(">HH", 0, 0) + fixed(gamma)


def matrix_profile(colorants: Sequence[Triple], *, gamma: float = 0) -> bytes:
    """An RGB profile of three colorants; with the curve of sRGB where no gamma is given."""
    trc = (
        curve(gamma)
        if gamma
        else b"para\0\0\0\0" + struct.pack(">HH", 3, 0) + b"".join(map(fixed, SRGB_CURVE))
    )
    tags = {}
    for letter, colorant in zip("rgb", colorants, strict=True):
        tags[f"{letter}XYZ".encode()] = b"XYZ \0\0\0\0" + b"".join(map(fixed, colorant))
        tags[f"{letter}TRC".encode()] = trc
    return profile(b"RGB ", tags)


def grey_profile(gamma: float) -> bytes:
    return profile(b"GRAY", {b"kTRC": curve(gamma)})


def press_profile(lab: Triple) -> bytes:
    """A CMYK profile of the simplest press: any ink at all gives this colour, none gives white."""
    inks = [(255, 128, 128) if corner == 0 else encoded(lab) for corner in range(16)]
    straight = bytes(range(256))
    lut = b"mft1\0\0\0\0" + struct.pack(">BBBx", 4, 3, 2)
    lut += b"".join(fixed(float(row == column)) for row in range(3) for column in range(3))
    lut += straight * 4 + b"".join(bytes(ink) for ink in inks) + straight * 3
    return profile(b"CMYK", {b"A2B0": lut, b"A2B1": lut}, kind=b"prtr", pcs=b"Lab ")


def encoded(lab: Triple) -> tuple[int, int, int]:
    return round(lab[0] * 2.55), round(lab[1]) + 128, round(lab[2]) + 128


# -- colours by formula ----------------------------------------------------------------------------


def srgb_linear(value: float) -> float:
    return value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4


def lab_of(rgb: Sequence[float], colorants: Sequence[Triple] = SRGB, *, gamma: float = 0) -> Triple:
    """CIE L*a*b* (D50) of 8-bit values in the space of these colorants."""
    linear = [(v / 255) ** gamma if gamma else srgb_linear(v / 255) for v in rgb]
    xyz = [
        sum(part * colorant[axis] for part, colorant in zip(linear, colorants, strict=True))
        for axis in range(3)
    ]
    f = [
        t ** (1 / 3) if t > (6 / 29) ** 3 else t / (3 * (6 / 29) ** 2) + 4 / 29
        for t in (value / white for value, white in zip(xyz, D50, strict=True))
    ]
    return 116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])


def ciede2000(one: Triple, two: Triple) -> float:
    """The colour difference ΔE00 of two colours (Sharma, Wu, Dalal 2005)."""
    (l1, a1, b1), (l2, a2, b2) = one, two
    chroma = (math.hypot(a1, b1) + math.hypot(a2, b2)) / 2
    g = 0.5 * (1 - math.sqrt(chroma**7 / (chroma**7 + 25.0**7)))
    a1, a2 = a1 * (1 + g), a2 * (1 + g)
    c1, c2 = math.hypot(a1, b1), math.hypot(a2, b2)
    h1, h2 = math.degrees(math.atan2(b1, a1)) % 360, math.degrees(math.atan2(b2, a2)) % 360
    turn = (h2 - h1 + 180) % 360 - 180 if c1 * c2 else 0.0
    dl, dc = l2 - l1, c2 - c1
    dh = 2 * math.sqrt(c1 * c2) * math.sin(math.radians(turn / 2))
    lm, cm, hm = (l1 + l2) / 2, (c1 + c2) / 2, (h1 + turn / 2) % 360 if c1 * c2 else h1 + h2
    t = (
        1
        - 0.17 * math.cos(math.radians(hm - 30))
        + 0.24 * math.cos(math.radians(2 * hm))
        + 0.32 * math.cos(math.radians(3 * hm + 6))
        - 0.20 * math.cos(math.radians(4 * hm - 63))
    )
    sl = 1 + 0.015 * (lm - 50) ** 2 / math.sqrt(20 + (lm - 50) ** 2)
    sc, sh = 1 + 0.045 * cm, 1 + 0.015 * cm * t
    rt = -math.sin(math.radians(60 * math.exp(-(((hm - 275) / 25) ** 2)))) * 2
    rt *= math.sqrt(cm**7 / (cm**7 + 25.0**7))
    return math.sqrt((dl / sl) ** 2 + (dc / sc) ** 2 + (dh / sh) ** 2 + rt * (dc / sc) * (dh / sh))
