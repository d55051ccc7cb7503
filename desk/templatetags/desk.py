"""Template filters of the desk: machine-readable times."""

from django import template

from newsroom.text import dates

register = template.Library()
register.filter("rfc3339", dates.rfc3339_seconds)
