"""Mentions: the readers named by @nickname in a comment, among those who comment under the same story.

A nickname may have spaces, so the longest name that exists counts. It ends where the text does, before a
character that is no letter, digit or mark, or before a Korean honorific or particle (`@배부르니님께서는`).
"""

import re
import unicodedata

from accounts.models import User
from accounts.nicknames import normalize_nickname, skeleton
from accounts.nicknames.rules import MAX_NICKNAME_CHARS, MIN_NICKNAME_CHARS
from comments.models import Comment

MAX_MENTIONS = 5
# At signs that are looked at; text with more is no conversation.
MAX_AT_SIGNS = 20
AT_SIGN = re.compile(r"(?<![\w.+-])[@＠]")  # typed by Korean keyboards
HONORIFICS = "님들|님|씨|선생님|들"
PARTICLES = (
    "께서는|께서도|께서|께는|께도|께|에게서|에게는|에게도|에게|한테서|한테는|한테도|한테|이라고|라고|이라는|라는|이랑|"
    "랑|하고|과는|와는|과|와|은|는|이|가|을|를|의|도|만|처럼|보다|까지|부터|마저|조차|이나|나|이야|야|아|여|이여|말고|"
    "이면|면|이고|고|이요|요|입니다|이네요|네요|이에요|예요|인데|이신데|이신|인가요"
)
ENDING = re.compile(rf"(?:{HONORIFICS})?(?:{PARTICLES})?(?!\w)")


def mentioned_readers(text: str, *, article_id: int) -> list[int]:
    """The ids of the readers whom the text mentions, in its order, at most MAX_MENTIONS.

    Those with a visible comment under the story, whose accounts stay open; other names are ignored.
    No query without an at sign.
    """
    mentions = [candidate_names(part) for part in parts_after_at_signs(text)]
    keys = {skeleton(name) for names in mentions for name in names}
    if not keys:
        return []
    writers = Comment.objects.visible().filter(article=article_id).values("author")
    rows = User.objects.filter(
        nickname_key__in=keys, is_active=True, closing_at=None, pk__in=writers
    )
    ids_by_name = {comparable(name): pk for pk, name in rows.values_list("pk", "nickname")}
    found = [
        next((ids_by_name[n] for n in map(comparable, names) if n in ids_by_name), None)
        for names in mentions
    ]
    return list(dict.fromkeys(filter(None, found)))[:MAX_MENTIONS]


def parts_after_at_signs(text: str) -> list[str]:
    """What follows each at sign on its line, as far as a nickname with its ending may reach."""
    starts = [match.end() for match in AT_SIGN.finditer(text)][:MAX_AT_SIGNS]
    return [
        text[start : start + MAX_NICKNAME_CHARS + 12].split("\n", maxsplit=1)[0] for start in starts
    ]


def candidate_names(part: str) -> list[str]:
    """The names that a text may begin with, the longest first: a proper ending follows each."""
    lengths = range(min(MAX_NICKNAME_CHARS, len(part)), MIN_NICKNAME_CHARS - 1, -1)
    names = (normalize_nickname(part[:n]) for n in lengths if is_end_of_name(part, n))
    return [name for name in dict.fromkeys(names) if len(name) >= MIN_NICKNAME_CHARS]


def is_end_of_name(part: str, index: int) -> bool:
    """Whether a nickname may end before this index: not within a character and its marks."""
    if part[index - 1].isspace() or is_mark(part[index : index + 1]):
        return False
    return ENDING.match(part, index) is not None


def is_mark(character: str) -> bool:
    return bool(character) and unicodedata.category(character)[0] == "M"


def comparable(name: str) -> str:
    """The name in the form in which mentions and nicknames are compared: alike but for case."""
    return unicodedata.normalize("NFC", name).casefold()
