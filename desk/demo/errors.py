from django.utils.translation import gettext_lazy as _

from newsroom.errors import Refused


class OthersArticles(Refused):
    code = "others_articles"
    sentence = _(
        "This database holds stories that are not the demo's. Load the demo into an empty one."
    )


class PartTaken(Refused):
    code = "part_taken"
    sentence = _(
        "An account of the demo exists and may not do what its part asks for. "
        "Give it its role, or load the demo into an empty database."
    )
