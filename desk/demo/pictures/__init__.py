"""Pictures of the demo, drawn by code: one for each story, the same each time."""

from collections.abc import Callable

from desk.demo.pictures import indoors, land, near, streets
from desk.demo.pictures.canvas import Canvas

# {scene: (drawing function, background colour at the top, at the bottom)}
SCENES: dict[str, tuple[Callable[[Canvas], None], str, str]] = {
    "books": (indoors.books, "#7a4a2b", "#3d2314"),
    "gallery": (indoors.gallery, "#f4f1ea", "#e3ddd0"),
    "warehouse": (indoors.warehouse, "#10182b", "#1c2541"),
    "chip": (indoors.chip, "#0b132b", "#1a1a40"),
    "interview": (indoors.interview, "#dfe7d3", "#a7c957"),
    "classroom": (indoors.classroom, "#fdf0d5", "#f3d5a0"),
    "paper": (indoors.paper, "#a0c4ff", "#caffbf"),
    "heartbeat": (indoors.heartbeat, "#e3fafc", "#a5d8ff"),
    "village": (land.coastal_houses, "#8ecae6", "#fef3d7"),
    "waves": (near.waves, "#240046", "#7b2cbf"),
    "greenhouse": (land.greenhouse, "#b8c9d6", "#f1f5f8"),
    "market": (streets.market, "#1d1a3a", "#5c3d55"),
    "mountains": (land.mountains, "#f7c59f", "#d5e2ee"),
    "busstop": (streets.busstop, "#3a2e6e", "#ff9e7a"),
    "nightbus": (streets.nightbus, "#0a1030", "#2c3e70"),
    "stars": (land.stars, "#05071a", "#1b1f4b"),
    "tide": (land.tide, "#ff9a76", "#ffe0b5"),
    "bees": (near.bees, "#d68910", "#b9770e"),
    "scales": (near.scales, "#f4f1de", "#f7e1c8"),
    "egg": (near.egg, "#2b2d42", "#6b7394"),
}


def draw_scene(scene: str) -> bytes:
    """The scene as a JPEG, 1280 by 720."""
    draw, top, bottom = SCENES[scene]
    canvas = Canvas(scene, top, bottom)
    draw(canvas)
    return canvas.finished()
