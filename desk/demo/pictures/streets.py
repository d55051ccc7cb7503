"""Scenes of streets and roads."""

import math

from desk.demo.pictures.canvas import Canvas, soft


def market(c: Canvas) -> None:
    """Awnings along an alley, lanterns above it."""
    c.shape([(0, 900), (1600, 900), (900, 430), (700, 430)], "#5b4636")
    c.glow(800, 440, 380, "#ffd166", 0.8)
    tones = ("#ef476f", "#ffd166", "#06d6a0", "#118ab2", "#f78c6b", "#9b5de5")
    for side in (-1, 1):
        for n in range(5, -1, -1):
            near, size = 800 + side * (150 + 120 * n), 0.32 + 0.15 * n
            far, y = 800 + side * (150 + 120 * (n - 1) + 14), 420 - 42 * n
            tone = tones[(n * 2 + (side > 0)) % 6]
            c.shape(
                [
                    (near, y + 130 * size),
                    (far, y + 110 * size + 26),
                    (far, 430 + 42 * n),
                    (near, 450 + 66 * n),
                ],
                "#3b2b20",
            )
            for strip in range(4):
                a, b = strip / 4, (strip + 1) / 4
                x0, x1 = near + (far - near) * a, near + (far - near) * b
                c.shape(
                    [(x0, y), (x1, y + 10), (x1, y + 150 * size), (x0, y + 140 * size)],
                    tone if strip % 2 == 0 else "#fff8e8",
                )
    for n in range(9):
        at, up = 120 + n * 170, 110 + 60 * math.sin(n * math.pi / 8)
        c.glow(at, up + 26, 90, "#ffb703", 0.8)
        c.oval(at, up + 26, 24, 30, "#fb8500")
        c.line([(at - 85, up - 8), (at, up - 2), (at + 85, up - 8)], "#2b2118", 4)


def busstop(c: Canvas) -> None:
    """A lit shelter at dusk, a poster with a small mark."""
    c.glow(420, 560, 620, "#ff9f68", 0.6)
    for n in range(14):
        tall = c.dice.uniform(130, 330)
        c.box(n * 118 - 20, 690 - tall, 104, tall, "#2b2d5b")
        for _ in range(5):
            x, y = n * 118 + c.dice.uniform(0, 70), 690 - tall + c.dice.uniform(12, tall - 30)
            c.box(x, y, 12, 16, "#ffd97d")
    c.shape([(0, 690), (1600, 690), (1600, 900), (0, 900)], "#1b1b3a")
    c.glow(860, 560, 480, "#cdf0ff", 0.55)
    c.box(420, 280, 860, 26, "#e9ecef", r=8)
    for x in (450, 1000, 1250):
        c.box(x, 306, 14, 440, "#adb5bd")
    c.box(470, 330, 524, 360, "#cdf0ff38")
    c.box(520, 610, 420, 22, "#dee2e6", r=6)
    c.box(1026, 336, 212, 356, "#f8f9fa", r=8)
    c.box(1040, 350, 184, 328, "#7b2cbf", r=4)
    c.disc(1132, 460, 62, "#ffb703")
    c.shape([(1040, 678), (1040, 590), (1120, 520), (1224, 620), (1224, 678)], "#3a0ca3")
    c.box(1186, 642, 30, 26, "#ffffff", r=5)


def nightbus(c: Canvas) -> None:
    """A lit bus on a bending road under the moon."""
    c.glow(1270, 170, 280, "#fdf0d5", 0.6)
    c.disc(1270, 170, 66, "#fdf6e3")
    for _ in range(90):
        c.disc(c.dice.uniform(0, 1600), c.dice.uniform(0, 430), c.dice.uniform(1, 3), "#ffffffb0")
    c.hills(560, 170, "#14213d", waves=1.2, shift=0.4)
    c.hills(660, 120, "#0d1b2a", waves=0.9, shift=0.8)
    road = [(x, 800 - 130 * soft(x / 1600, 0.9, 0.62)) for x in range(-40, 1660, 20)]
    c.line(road, "#343a55", 120)
    c.line(road[::1], "#ffd60a66", 6)
    for n in (8, 22, 70):
        x, y = road[n]
        c.glow(x, y - 70, 90, "#80ffdb", 0.9)
        c.disc(x, y - 70, 15, "#80ffdb")
    c.glow(1010, 660, 330, "#ffe066", 0.55)
    c.shape([(1010, 690), (1330, 610), (1330, 830), (1010, 730)], "#ffe06640")
    c.box(610, 500, 410, 210, "#e63946", r=34)
    c.box(610, 640, 410, 26, "#f1faee")
    for n in range(4):
        c.box(640 + n * 92, 536, 74, 78, "#fff3b0", r=12)
    for x in (700, 930):
        c.disc(x, 712, 42, "#0b0f1a")
        c.disc(x, 712, 18, "#adb5bd")
    c.disc(1008, 684, 13, "#fffbe0")
