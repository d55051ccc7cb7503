"""Scenes of land, sea and sky."""

import math

from desk.demo.pictures.canvas import Canvas


def coastal_houses(c: Canvas) -> None:
    """Low roofs before the sea, and voices as rings over the fields."""
    c.glow(1180, 230, 360, "#fff3b0", 0.9)
    c.shape([(0, 400), (1600, 400), (1600, 640), (0, 640)], "#2a7f9e")
    for _ in range(12):
        x, y = c.dice.uniform(0, 1500), c.dice.uniform(415, 520)
        c.box(x, y, c.dice.uniform(60, 190), 5, "#ffffff4d", r=3)
    c.hills(640, 130, "#3d6b4f", waves=0.8, shift=0.1)
    for n in range(8):
        x, y = 90 + n * 195 + c.dice.uniform(-25, 25), 560 + 40 * math.sin(n * 1.9)
        c.box(x, y, 120, 78, "#f4ecd8", r=4)
        c.shape(
            [(x - 22, y + 6), (x + 60, y - 52), (x + 142, y + 6)],
            c.dice.choice(["#d1495b", "#edae49", "#30638e", "#9c6644"]),
        )
        c.box(x + 48, y + 34, 26, 44, "#6b4f3a")
    c.hills(760, 110, "#5a8f5c", waves=1.1, shift=0.5)
    for n in range(9):
        c.line([(n * 230 - 180, 900), (620 + n * 52, 700)], "#43764a", 9)
    for r in range(70, 430, 60):
        c.ring(470, 610, r, "#fffbe6" + f"{max(24, 190 - r // 3):02x}", 6)


def greenhouse(c: Canvas) -> None:
    """A round glass house, green rows, one warm pipe."""
    c.hills(620, 150, "#9db4c0", waves=1.3, shift=0.3)
    c.shape([(0, 640), (1600, 640), (1600, 900), (0, 900)], "#e6ecef")
    c.glow(800, 640, 640, "#ffe9a8", 0.7)
    dome = [
        (800 + 560 * math.cos(math.radians(a)), 760 - 470 * math.sin(math.radians(a)))
        for a in range(0, 181, 4)
    ]
    c.shape(dome, "#d8f3dcb0")
    for row in range(6):
        y = 610 + row * 27
        half = 470 - row * 6
        for n in range(28):
            across = 800 - half + n * half / 13.5
            c.disc(
                across, y - 10 - 8 * (n % 3), 19, ("#2d6a4f", "#40916c", "#52b788")[(n + row) % 3]
            )
            if (n * 7 + row * 3) % 5 == 0:
                c.disc(across, y + 2, 9, "#e5383b")
    for a in range(0, 181, 20):
        along, up = 560 * math.cos(math.radians(a)), 470 * math.sin(math.radians(a))
        c.line([(800 + along, 760), (800 + along, 760 - up)], "#ffffffc0", 6)
    c.line(dome, "#ffffff", 14)
    c.line([(0, 842), (240, 842), (240, 782), (1360, 782), (1360, 842), (1600, 842)], "#c1121f", 24)
    c.line([(0, 836), (240, 836)], "#ff8fa3", 6)


def mountains(c: Canvas) -> None:
    """Ridges growing paler, one thread of smoke."""
    c.glow(1180, 300, 420, "#ffe3b3", 0.95)
    tones = ("#a9c1d9", "#84a5c4", "#5f86ab", "#416788", "#274862", "#12283b")
    for n, tone in enumerate(tones):
        if n == 3:
            for step in range(90):
                x = 560 + 26 * math.sin(step / 9) + step * step / 42
                c.disc(x, 560 - step * 5, 9 + step * 0.62, "#f8f9fa" + f"{max(8, 74 - step):02x}")
        c.hills(470 + n * 85, 190 - n * 8, tone, waves=0.9 + 0.35 * n, shift=0.17 * n)
    for n in range(26):
        x = n * 66 + c.dice.uniform(-20, 20)
        tall = c.dice.uniform(60, 130)
        foot = 900.0
        for tier in range(3):
            up, wide = foot - tall * (tier + 1) / 2.4, 34 - tier * 8
            c.shape(
                [(x - wide, up + tall * 0.42), (x, up - 10), (x + wide, up + tall * 0.42)],
                "#0b1c2a",
            )
    c.line([(1330, 620), (1330, 500)], "#0b1c2a", 14)
    c.box(1296, 466, 68, 46, "#0b1c2a", r=6)
    c.disc(1330, 486, 9, "#ffba08")


def stars(c: Canvas) -> None:
    """A river of stars, three faint ones circled."""
    for n in range(26):
        c.glow(
            n * 66 - 30,
            640 - n * 17 + c.dice.uniform(-40, 40),
            c.dice.uniform(120, 230),
            "#7b6cf6",
            0.16,
        )
    for _ in range(520):
        x = c.dice.uniform(0, 1600)
        y = 660 - x * 0.27 + c.dice.gauss(0, 150)
        c.disc(x, y, c.dice.uniform(0.8, 3.2), c.dice.choice(["#ffffff", "#ffe5b4", "#bde0fe"]))
    for x, y in ((430, 330), (880, 560), (1220, 250)):
        c.glow(x, y, 60, "#ffd6ff", 0.9)
        c.disc(x, y, 7, "#fff0ff")
        c.ring(x, y, 62, "#ffd166", 5)
    c.hills(930, 150, "#05060f", waves=0.7, shift=0.2)
    c.box(250, 770, 150, 110, "#0b0d1c", r=6)
    c.shape(
        [
            (250 + 75 + 75 * math.cos(math.radians(a)), 772 - 75 * math.sin(math.radians(a)))
            for a in range(0, 181, 6)
        ],
        "#0b0d1c",
    )
    c.line([(320, 740), (352, 700)], "#ffd16690", 14)


def tide(c: Canvas) -> None:
    """Mud flats at sunset, creeks and breathing holes."""
    c.glow(800, 300, 520, "#ffd9a0", 0.9)
    c.disc(800, 330, 76, "#fff1d0")
    c.shape([(0, 400), (1600, 400), (1600, 900), (0, 900)], "#8a5a44")
    c.shape([(0, 400), (1600, 400), (1600, 448), (0, 452)], "#d98f6c")
    for n in range(4):
        x0 = 240 + n * 380
        creek = [(x0 + 130 * math.sin(t / 5 + n * 1.7) * t / 20, 440 + t * 24) for t in range(21)]
        for part in range(20):
            c.line(creek[part : part + 2], "#f4b183", 5 + part * 1.9)
    for _ in range(340):
        y = 455 + 430 * c.dice.random() ** 0.7
        near = (y - 420) / 480
        c.oval(c.dice.uniform(0, 1600), y, 3 + 7 * near, 1.5 + 4 * near, "#4a2c2acc")
