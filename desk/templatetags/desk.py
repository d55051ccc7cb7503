"""Words of the desk's templates: machine-readable times."""

from django import template

from newsroom import times

register = template.Library()
register.filter("rfc3339", times.rfc3339)
