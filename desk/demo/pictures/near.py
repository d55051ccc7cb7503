"""Scenes seen from close by."""

import math

from desk.demo.pictures.canvas import Canvas, hexagon, wave


def bees(c: Canvas) -> None:
    """A comb whose cells are as bright as the sound in them, and bees over it."""
    for row in range(-1, 9):
        for n in range(-1, 13):
            x, y = n * 138 + (row % 2) * 69, row * 119
            loud = math.exp(-(((x - 1020) / 420) ** 2 + ((y - 470) / 300) ** 2))
            red, green, blue = (round(v + w * loud) for v, w in ((214, 41), (137, 90), (16, 110)))
            tone = f"#{red:02x}{green:02x}{blue:02x}"
            c.shape(hexagon(x, y, 79), "#a05a00")
            c.shape(hexagon(x, y, 69), tone)
    for x, y, s in (
        (380, 300, 1.5),
        (640, 560, 1.1),
        (1180, 640, 1.3),
        (1290, 230, 0.9),
        (240, 690, 0.8),
    ):
        c.oval(x + 10 * s, y + 70 * s, 60 * s, 12 * s, "#00000030")
        c.oval(x - 14 * s, y - 44 * s, 26 * s, 44 * s, "#ffffffb4")
        c.oval(x + 34 * s, y - 42 * s, 24 * s, 40 * s, "#ffffffb4")
        c.oval(x, y, 74 * s, 42 * s, "#2b1d0e")
        for band in (-34, 2, 38):
            c.box(x + (band - 9) * s, y - 38 * s, 18 * s, 76 * s, "#ffc300", r=8 * s)
        c.disc(x + 78 * s, y - 4 * s, 26 * s, "#2b1d0e")
        c.disc(x + 86 * s, y - 10 * s, 6 * s, "#ffffff")


def scales(c: Canvas) -> None:
    """A large and a small ball on a seesaw that stands level."""
    c.hills(820, 110, "#ffe5d9", waves=0.6, shift=0.3)
    c.oval(800, 800, 620, 46, "#00000018")
    c.shape([(800, 590), (700, 800), (900, 800)], "#3d405b")
    c.line([(180, 590), (1420, 590)], "#3d405b", 30)
    c.oval(410, 350, 228, 228, "#e07a5f")
    c.glow(330, 260, 210, "#ffd9c7", 0.7)
    for n in range(5):
        c.ring(410, 350, 205 - n * 42, "#ffffff38", 5)
    c.disc(1300, 520, 56, "#81b29a")
    c.glow(1282, 500, 46, "#eafff4", 0.8)
    for n in range(14):
        a = math.radians(n * 360 / 14)
        c.line(
            [
                (1300 + 84 * math.cos(a), 520 + 84 * math.sin(a)),
                (1300 + 108 * math.cos(a), 520 + 108 * math.sin(a)),
            ],
            "#f2cc8f",
            9,
        )


def egg(c: Canvas) -> None:
    """An egg between two fingertips that feel it."""
    for side in (-1, 1):
        tip = 800 + side * 205
        for r in range(330, 40, -58):
            c.ring(tip, 430, r, "#ffffff" + f"{70 - r // 8:02x}", 5)
        c.line(
            [(tip + side * 70, 430), (tip + side * 330, 520), (tip + side * 640, 900)],
            "#5c6784",
            190,
        )
        c.disc(tip + side * 70, 430, 95, "#5c6784")
        c.disc(tip + side * 36, 430, 74, "#8d99ae")
        for n in range(5):
            c.disc(tip + side * 2, 380 + n * 25, 7, "#80ed99")
        c.line([(tip + side * 250, 400), (tip + side * 330, 640)], "#3d4663", 12)
    c.glow(800, 430, 300, "#fff4d6", 0.75)
    shell = []
    for a in range(0, 360, 4):
        up = math.sin(math.radians(a))
        shell.append((800 + 135 * math.cos(math.radians(a)), 450 - (200 if up > 0 else 150) * up))
    c.shape(shell, "#fffaf0")
    c.glow(750, 380, 90, "#ffffff", 0.9)


def waves(c: Canvas) -> None:
    """Four voices crossing a purple stage."""
    for x in (300, 800, 1300):
        c.shape([(x - 30, 0), (x + 30, 0), (x + 260, 900), (x - 260, 900)], "#ffffff14")
    tones = ("#ff99c8", "#fcf6bd", "#a9def9", "#d0f4de")
    for n, tone in enumerate(tones):
        for echo in range(4):
            path = wave(330 + n * 95, 120 - 14 * n, 760 + 130 * n, n * 0.19 + echo * 0.02)
            c.line(path, tone + ("ff", "80", "48", "28")[echo], (14, 9, 6, 4)[echo])
    c.oval(800, 880, 620, 70, "#2b0a3d90")
    c.box(786, 610, 28, 250, "#d9d4e7", r=10)
    c.box(744, 480, 112, 170, "#3c1642", r=54)
    c.box(758, 494, 84, 100, "#b8b3c9", r=40)
