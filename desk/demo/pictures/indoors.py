"""Scenes under a roof."""

import math

from desk.demo.pictures.canvas import Canvas

BINDINGS = ("#c8553d", "#588b8b", "#f28f3b", "#2d4654", "#d9ae94", "#8a9b68", "#f1dca7", "#6d597a")


def books(c: Canvas) -> None:
    """Shelves in warm light, a window with the evening in it."""
    c.box(1040, 110, 380, 520, "#1d2f4f", r=12)
    c.glow(1230, 520, 330, "#f2a65a", 0.5)
    c.box(1222, 110, 16, 520, "#5a3a22")
    c.box(1040, 360, 380, 14, "#5a3a22")
    c.disc(1330, 210, 38, "#fdf3d0")
    for row in range(4):
        foot = 250 + row * 185
        x = 90.0
        while x < 930:
            wide, tall = c.dice.uniform(22, 52), c.dice.uniform(95, 150)
            c.box(x, foot - tall, wide, tall, c.dice.choice(BINDINGS), r=4)
            c.box(x, foot - tall * 0.8, wide, 8, "#ffffff40")
            x += wide + c.dice.choice([3, 3, 3, 40])
        c.box(60, foot, 900, 18, "#5a3a22", r=3)
    c.box(1080, 700, 300, 26, "#5a3a22", r=6)
    c.box(1160, 590, 150, 112, "#22313f", r=12)
    c.box(1172, 602, 126, 80, "#9fd8cb", r=6)
    c.glow(700, 80, 620, "#ffd27a", 0.35)


def gallery(c: Canvas) -> None:
    """Three frames on a white wall and light on the floor."""
    c.shape([(0, 660), (1600, 660), (1600, 900), (0, 900)], "#b98b62")
    for x, y, w, h, tone in (
        (190, 200, 300, 330, "#e4572e"),
        (640, 130, 430, 430, "#17bebb"),
        (1230, 260, 200, 240, "#ffc914"),
    ):
        c.shape([(x, 690), (x + w, 690), (x + w + 90, 890), (x - 90, 890)], "#fff3d92e")
        c.glow(x + w / 2, y + h / 2, w, "#ffffff", 0.7)
        c.box(x - 14, y - 10, w + 36, h + 36, "#00000026", r=6)
        c.box(x - 16, y - 16, w + 32, h + 32, "#3b2f2f", r=4)
        c.box(x, y, w, h, "#f7f1e3")
        c.disc(x + w * 0.6, y + h * 0.4, w * 0.26, tone)
        c.shape([(x, y + h), (x, y + h * 0.7), (x + w, y + h * 0.55), (x + w, y + h)], "#2e282a")
    c.box(0, 652, 1600, 12, "#d8d2c4")


def warehouse(c: Canvas) -> None:
    """Dark shelves running to a point, small robots with lamps."""
    for side in (-1, 1):
        for n in range(9):
            near, far = 800 + side * (820 - n * 84), 800 + side * (820 - (n + 1) * 84)
            drop, rise = 430 - n * 44, 430 - (n + 1) * 44
            for level in (-0.9, -0.3, 0.3):
                c.shape(
                    [
                        (near, 440 + level * drop),
                        (far, 440 + level * rise),
                        (far, 440 + (level + 0.5) * rise),
                        (near, 440 + (level + 0.5) * drop),
                    ],
                    c.dice.choice(["#33415cff", "#5c677d", "#4a5a7a", "#7d8597", "#26324a"]),
                )
    c.shape([(0, 900), (1600, 900), (860, 470), (740, 470)], "#0b132b99")
    for x, y, r in ((560, 780, 62), (930, 690, 44), (760, 590, 27), (1130, 830, 74)):
        c.glow(x, y, r * 5, "#ffca3a", 0.55)
        c.oval(x, y + r * 0.7, r * 1.25, r * 0.35, "#00000066")
        c.box(x - r, y - r * 0.5, 2 * r, r * 1.1, "#e9edf5", r=r * 0.4)
        c.box(x - r * 0.9, y - r * 1.2, r * 1.8, r * 0.7, "#c9963a", r=4)
        c.disc(x + r * 0.55, y + r * 0.08, r * 0.2, "#ffca3a")
        c.disc(x - r * 0.55, y + r * 0.08, r * 0.2, "#ffca3a")


def chip(c: Canvas) -> None:
    """A square with roads of light running from it."""
    for n in range(15):
        at = 250 + n * 28.5
        for turn in (1, -1):
            bend = 800 + turn * (330 + abs(n - 7) * 34)
            end = 800 + turn * 900
            slope = at + (n - 7) * 26
            tone = c.dice.choice(["#3ddc97", "#46b1c9", "#f5cb5c"])
            c.line(
                [(800 + turn * 190, at), (bend, at), (bend + turn * 90, slope), (end, slope)],
                tone + "b0",
                5,
            )
            c.disc(bend + turn * 90, slope, 9, tone)
    c.glow(800, 450, 520, "#3ddc97", 0.4)
    c.box(580, 230, 440, 440, "#16213e", r=34)
    c.box(612, 262, 376, 376, "#0f3460", r=22)
    for n in range(4):
        for m in range(4):
            c.box(646 + n * 82, 296 + m * 82, 62, 62, "#46b1c9" if (n + m) % 3 else "#3ddc97", r=10)


def interview(c: Canvas) -> None:
    """Two chairs, and the question between them."""
    c.oval(800, 790, 760, 90, "#00000020")
    for x, turn, tone in ((390, 1, "#bc4749"), (1210, -1, "#386641")):
        c.box(x - 24 - turn * 110, 330, 48, 330, tone, r=20)
        c.box(x - 140, 590, 280, 62, tone, r=24)
        for leg in (-112, 100):
            c.box(x + leg, 640, 16, 150, "#3a2e26", r=6)
    for n, (x, y, w) in enumerate(((560, 170, 300), (760, 330, 330), (600, 490, 240))):
        tone = "#ffffff" if n % 2 == 0 else "#ffe8a3"
        c.box(x, y, w, 104, tone, r=44)
        tail = x + 50 if n % 2 == 0 else x + w - 80
        c.shape(
            [(tail, y + 96), (tail + 40, y + 96), (tail + (0 if n % 2 == 0 else 50), y + 140)], tone
        )
        for dot in range(3):
            c.disc(x + w / 2 + (dot - 1) * 46, y + 52, 12, "#6a994e")


def classroom(c: Canvas) -> None:
    """A green board with shapes, one of them askew."""
    c.box(170, 90, 1260, 500, "#8d5b34", r=16)
    c.box(194, 114, 1212, 452, "#2f5d50", r=8)
    chalk = "#f5f3e7"
    c.ring(400, 330, 110, chalk, 8)
    c.line([(620, 430), (740, 220), (860, 430), (620, 430), (700, 290)], "#ffd166", 8)
    c.line([(980, 240), (1190, 215), (1215, 425), (955, 400), (980, 240)], "#ef8d6b", 8)
    c.line([(1240, 520), (1300, 520)], chalk, 10)
    for n in range(5):
        x = 110 + n * 300
        c.box(x, 730, 230, 34, "#e0a458", r=8)
        c.box(x + 20, 764, 16, 136, "#7f5539")
        c.box(x + 194, 764, 16, 136, "#7f5539")
        tone = c.dice.choice(["#e63946", "#457b9d", "#ffb703", "#2a9d8f"])
        c.shape([(x + 60, 730), (x + 60, 712), (x + 150, 700), (x + 150, 730)], tone)
    c.glow(250, 40, 640, "#fff1c1", 0.35)


def paper(c: Canvas) -> None:
    """Three sheets, three strong lines."""
    for turn, tone in ((-14, "#b8c0ff"), (7, "#ffd6a5"), (-3, "#fffdf7")):
        a = math.radians(turn)
        corners = [(-300, -390), (300, -390), (300, 390), (-300, 390)]

        def placed(x: float, y: float, a: float = a) -> tuple[float, float]:
            return 800 + x * math.cos(a) - y * math.sin(a), 470 + x * math.sin(a) + y * math.cos(a)

        c.shape([placed(x + 16, y + 20) for x, y in corners], "#00000022")
        c.shape([placed(x, y) for x, y in corners], tone)
    for n, (tone, far) in enumerate((("#ff6b6b", 400), ("#4d96ff", 440), ("#6bcb77", 320))):
        c.line([placed(-220, -290 + n * 62), placed(-220 + far, -290 + n * 62)], tone, 26)
    for n in range(9):
        wide = c.dice.uniform(300, 450)
        c.line([placed(-220, -60 + n * 46), placed(-220 + wide, -60 + n * 46)], "#c9c5bb", 9)


def heartbeat(c: Canvas) -> None:
    """A pulse that turns into the waves of a voice."""
    for n in range(7):
        c.line([(0, 150 + n * 100), (1600, 150 + n * 100)], "#ffffff50", 3)
    for n in range(16):
        c.line([(50 + n * 100, 0), (50 + n * 100, 900)], "#ffffff50", 3)
    beat = [
        (0, 450),
        (160, 450),
        (220, 400),
        (270, 450),
        (330, 470),
        (390, 170),
        (450, 690),
        (510, 450),
        (590, 450),
        (650, 395),
        (720, 450),
        (780, 450),
    ]
    c.glow(400, 430, 420, "#ff8fa3", 0.5)
    c.line(beat, "#d6336c", 16)
    for n in range(27):
        loud = 30 + 250 * abs(math.sin(n * 0.55)) * math.exp(-((n - 12) ** 2) / 130)
        c.box(800 + n * 28, 450 - loud, 14, 2 * loud, "#1c7ed6" if n % 4 else "#15aabf", r=7)
