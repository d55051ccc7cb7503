"""Boolean expressions of index terms, and their rendering for tsquery or FTS5. Pure."""

from dataclasses import dataclass
from typing import NamedTuple


@dataclass(frozen=True)
class AllOf:
    """AND: every one of these terms or expressions."""

    of: tuple["TermExpression", ...]


@dataclass(frozen=True)
class OneOf:
    """OR: at least one of these."""

    of: tuple["TermExpression", ...]


@dataclass(frozen=True)
class AndNot:
    """The first, and none of the others."""

    this: "TermExpression"
    none: tuple["TermExpression", ...]


TermExpression = str | AllOf | OneOf | AndNot


class ExpressionSyntax(NamedTuple):
    """Quotation mark and operators of a query language."""

    quote: str
    all_of: str
    one_of: str
    and_not: str


TSQUERY = ExpressionSyntax("'", " & ", " | ", " & !")
FTS5 = ExpressionSyntax('"', " AND ", " OR ", " NOT ")


def render_expression(expression: TermExpression, syntax: ExpressionSyntax) -> str:
    """The expression in this syntax. Terms have only letters, digits and prefixes, so none is escaped."""
    if isinstance(expression, str):
        return f"{syntax.quote}{expression}{syntax.quote}"
    if isinstance(expression, AndNot):
        parts, operator = (expression.this, *expression.none), syntax.and_not
    else:
        parts = expression.of
        operator = syntax.all_of if isinstance(expression, AllOf) else syntax.one_of
    return "(" + operator.join(render_expression(part, syntax) for part in parts) + ")"
