"""Drawing canvas of 1600 by 900 units, drawn at twice the size of the result (antialiasing)."""

import io
import math
import random
from collections.abc import Iterable

from PIL import Image, ImageColor, ImageDraw

WIDTH, HEIGHT = 1600, 900
OUTPUT_SIZE = (1280, 720)
SCALE = 2 * OUTPUT_SIZE[0] / WIDTH

Point = tuple[float, float]


class Canvas:
    """Shapes in units from the top left; colours are #rrggbb or, see-through, #rrggbbaa.

    `dice` is seeded with the name, so that a scene looks the same each time.
    """

    def __init__(self, name: str, top: str, bottom: str) -> None:
        size = (OUTPUT_SIZE[0] * 2, OUTPUT_SIZE[1] * 2)
        tall = (1, size[1])
        column = Image.composite(
            Image.new("RGB", tall, bottom),
            Image.new("RGB", tall, top),
            Image.linear_gradient("L").resize(tall, box=(0, 0, 1, 256)),
        )
        self.sheet = column.resize(size, Image.Resampling.NEAREST)
        self.pen = ImageDraw.Draw(self.sheet, "RGBA")
        self.dice = random.Random(name)  # noqa: S311  # pictures, not secrets

    def shape(self, points: Iterable[Point], fill: str) -> None:
        self.pen.polygon([(x * SCALE, y * SCALE) for x, y in points], fill=fill)

    def disc(self, x: float, y: float, r: float, fill: str) -> None:
        self.oval(x, y, r, r, fill)

    def oval(self, x: float, y: float, rx: float, ry: float, fill: str) -> None:
        self.pen.ellipse([v * SCALE for v in (x - rx, y - ry, x + rx, y + ry)], fill=fill)

    def ring(self, x: float, y: float, r: float, fill: str, width: float = 4) -> None:
        around = [v * SCALE for v in (x - r, y - r, x + r, y + r)]
        self.pen.ellipse(around, outline=fill, width=round(width * SCALE))

    def box(self, x: float, y: float, w: float, h: float, fill: str, *, r: float = 0) -> None:
        corners = [v * SCALE for v in (x, y, x + w, y + h)]
        self.pen.rounded_rectangle(corners, radius=r * SCALE, fill=fill)

    def line(self, points: Iterable[Point], fill: str, width: float) -> None:
        path = [(x * SCALE, y * SCALE) for x, y in points]
        self.pen.line(path, fill=fill, width=round(width * SCALE), joint="curve")

    def glow(self, x: float, y: float, r: float, colour: str, strength: float = 0.8) -> None:
        """Light that fades out from a point."""
        side = round(2 * r * SCALE)
        fading = Image.radial_gradient("L").resize((side, side), Image.Resampling.BILINEAR)
        mask = fading.point([max(0, round((255 - 1.42 * v) * strength)) for v in range(256)])
        corner = (round((x - r) * SCALE), round((y - r) * SCALE))
        self.sheet.paste(
            ImageColor.getrgb(colour), (*corner, corner[0] + side, corner[1] + side), mask
        )

    def hills(self, base: float, height: float, fill: str, *, waves: float, shift: float) -> None:
        """A soft ridge across the sheet, filled down to its foot."""
        ridge = [(x, base - height * soft(x / WIDTH, waves, shift)) for x in range(0, 1620, 20)]
        self.shape([(0, HEIGHT), *ridge, (WIDTH, HEIGHT)], fill)

    def finished(self) -> bytes:
        """The picture as a JPEG, 1280 by 720."""
        out = io.BytesIO()
        self.sheet.reduce(2).save(out, "JPEG", quality=92)
        return out.getvalue()


def soft(at: float, waves: float, shift: float) -> float:
    """A wavy line between about 0 and 1."""
    turn = 2 * math.pi
    slow, quick = math.sin(turn * (waves * at + shift)), math.sin(turn * (2.7 * waves * at + shift))
    return 0.5 + 0.35 * slow + 0.15 * quick


def wave(y: float, height: float, length: float, shift: float = 0) -> list[Point]:
    """The points of a sine line across the sheet."""
    turn = 2 * math.pi
    return [(x, y + height * math.sin(turn * (x / length + shift))) for x in range(-20, 1640, 10)]


def hexagon(x: float, y: float, r: float) -> list[Point]:
    return [
        (x + r * math.cos(math.radians(a)), y + r * math.sin(math.radians(a)))
        for a in range(30, 390, 60)
    ]
