"""Labels for the codes of an article page: correction kinds, AI use, roles, bylines. Pure."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from articles.models import CorrectionKind

CORRECTION_LABELS: dict[str, str | Promise] = {
    CorrectionKind.CORRECTION: pgettext_lazy("page", "Correction"),
    CorrectionKind.CLARIFICATION: pgettext_lazy("page", "Clarification"),
    CorrectionKind.UPDATE: pgettext_lazy("page", "Update"),
    CorrectionKind.REBUTTAL: pgettext_lazy("page", "Statement in reply"),
    CorrectionKind.FOLLOW_UP: pgettext_lazy("page", "Follow-up"),
}
AI_USE_SENTENCES: dict[str, str | Promise] = {
    "assisted": _("This article was written with the help of AI."),
    "generated": _("This article was written by AI."),
    "summary": _("The three-line summary was written by AI."),
}
ROLE_LABELS: dict[str, str | Promise] = {
    "편집": pgettext_lazy("page", "Editor"),
    "기자": pgettext_lazy("page", "Reporter"),
}


def correction_label(kind: str) -> str | Promise:
    """The label of a kind of correction; "Notice" for an unknown kind."""
    return CORRECTION_LABELS.get(kind, pgettext_lazy("page", "Notice"))


def ai_sentence(kind: str) -> str | Promise:
    """The sentence that discloses the use of AI; a general one for an unknown kind."""
    return AI_USE_SENTENCES.get(kind, _("AI was used for this article."))


def role_label(role: str) -> str | Promise:
    """The label of an author's role at the foot of an article: 편집 -> 편집자."""
    return ROLE_LABELS.get(role, role)


def author_byline(author: dict[str, str]) -> str:
    """The byline of an author: `편집: 이름 기자`, or `이름 기자` for the writer."""
    role, title = author["role"], author["title"]
    if not title or role == title:
        return " ".join(filter(None, [author["name"], title or role]))
    return f"{role}: {author['name']} {title}"
