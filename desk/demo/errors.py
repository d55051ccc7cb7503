"""Refusals of the demo."""

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


class ReachableFromOutside(Refused):
    code = "reachable_from_outside"
    sentence = _(
        "The demo's password is published, and this site can be reached from outside (SITE_URL, HOST). "
        "Load the demo on your own machine; your own first account: manage.py createstaff"
    )


class NobodyMayWithdraw(Refused):
    code = "nobody_may_withdraw"
    sentence = _(
        "Nobody here may withdraw stories. Make an account first: manage.py createstaff EMAIL --role chief"
    )
