"""Normalized copy of a text with a map back to it. In linear time."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from accounts.nicknames.reserved import ENCLOSED_LETTERS
from comments.content_filter.alphabets import CONJOINING, LOOKALIKES, PLAIN
from newsroom.text.normalization import BLANK_CHARACTERS

# Characters that the normalized copy contains as they are; only ASCII capitals change.
ORDINARY_TEXT = re.compile(
    "[\n\x20-\x7e가-힣ㄱ-ㅎㅏ-ㅣ·“”‘’、。\u3041-\u3096\u30a1-\u30fe\u4e00-\u9fff]*"
)
# Ideographs and other scripts of which no table knows a character.
UNKNOWN = r"\u3400-\u4dff\ua000-\ua4cf\ue000-\uf8ff\U00017000-\U0001b000\U00020000-\U0002f7ff"
UNKNOWN_RUN = re.compile(f"[{UNKNOWN}]+")
CLUSTER = re.compile(
    f"[{UNKNOWN}]+|"
    "[\u1100-\u1112][\u1161-\u1175][\u11a8-\u11c2]?|(?s:.)[\u0300-\u036f\u3099\u309a\uff9e\uff9f]*"
)
# Without any of these, each character is a cluster.
CLUSTERED = re.compile(f"[\u0300-\u036f\u1161-\u1175\u3099\u309a\uff9e\uff9f]|[{UNKNOWN}]{{2}}")
MOST_CACHED, MAX_CACHED_CHARS = 1 << 15, 4
MAX_CLUSTER_CHARS = 4  # of what one character stands for: ㈜ is four, others up to 18


@dataclass(frozen=True)
class NormalizedText:
    """The characters of a text as they are compared: composed, NFKC, lower case.

    The character `characters[n]` is `text[starts[n]:ends[n]]` in the original.
    """

    characters: str
    starts: Sequence[int]
    ends: Sequence[int]

    def span(self, first: int, last: int) -> tuple[int, int]:
        """The span in the original of the characters `first` to `last`, the last included."""
        return self.starts[first], self.ends[last]


OTHER = "\ufffd"  # for characters that no table and no expression knows, one for a run of them
COMPARED_CHARACTERS = frozenset([*PLAIN, *"·“”‘’、。《》「」『』丙申年"])
UNSHOWN_CATEGORIES = frozenset({"Mn", "Me", "Cf"})
BLANKS = [c for c in map(chr, range(0x10000)) if BLANK_CHARACTERS.match(c)]
FOLDED_CHARACTERS = frozenset(
    [
        *map(chr, (*LOOKALIKES, *ENCLOSED_LETTERS, *CONJOINING)),
        *BLANKS,
        *map(chr, range(0x41, 0x5B)),
    ]
)


def normalize_copy(text: str) -> NormalizedText:
    """The normalized copy of a text, with its map back."""
    if ORDINARY_TEXT.fullmatch(text):
        return NormalizedText(text.lower(), range(len(text)), range(1, len(text) + 1))
    clusters = CLUSTER.findall(text) if CLUSTERED.search(text) else text
    pieces = list(map(NORMALIZED.__getitem__, clusters))
    characters = "".join(pieces)
    is_one_by_one = len(clusters) == len(text) and "" not in pieces
    if is_one_by_one and len(characters) == len(text) and OTHER * 2 not in characters:
        return NormalizedText(characters, range(len(text)), range(1, len(text) + 1))
    return join_pieces(clusters, pieces)


def join_pieces(clusters: Sequence[str], pieces: list[str]) -> NormalizedText:
    """The copy of clusters as they are compared; of a run of unknown ones, the first is left."""
    starts, ends, position = list[int](), list[int](), 0
    characters, before = list[str](), ""
    for cluster, piece in zip(clusters, pieces, strict=True):
        end = position + len(cluster)
        if len(piece) == 1:
            if piece != OTHER or before != OTHER:
                characters.append(piece)
                starts.append(position)
                ends.append(end)
            before = piece
        elif piece:
            characters += piece
            starts += [position] * len(piece)
            ends += [end] * len(piece)
            before = piece
        position = end
    return NormalizedText("".join(characters), starts, ends)


class NormalizedClusters(dict[str, str]):
    """What characters with their marks are compared as, computed once each; the first MOST_CACHED stay."""

    def __missing__(self, cluster: str) -> str:
        piece = OTHER if UNKNOWN_RUN.match(cluster) else normalize_cluster(cluster)
        if len(cluster) <= MAX_CACHED_CHARS and len(self) < MOST_CACHED:
            self[cluster] = piece
        return piece


NORMALIZED = NormalizedClusters()


def normalize_cluster(cluster: str) -> str:
    """A character with its marks as it is compared."""
    if (
        len(cluster) == 1
        and cluster not in FOLDED_CHARACTERS
        and unicodedata.is_normalized("NFKC", cluster)
    ):
        if cluster in COMPARED_CHARACTERS or cluster.isascii():
            return cluster
        return "" if unicodedata.category(cluster) in UNSHOWN_CATEGORIES else OTHER
    return fold_cluster(cluster)


def fold_cluster(cluster: str) -> str:
    """A character with its marks, composed, NFKC, in lower case, look-alikes replaced."""
    if len(cluster) == 1 and cluster.isspace():
        return "\n" if cluster == "\n" else " "
    composed = unicodedata.normalize("NFC", cluster)
    if "가" <= composed[0] <= "힣":
        return composed[0]
    folded = unicodedata.normalize("NFKC", composed.translate(ENCLOSED_LETTERS)).casefold()
    visible = BLANK_CHARACTERS.sub("", folded).translate(CONJOINING).translate(LOOKALIKES)
    bare = visible if visible.isascii() else strip_marks(visible)
    compared = [c if c.isascii() or c in COMPARED_CHARACTERS else OTHER for c in bare]
    return "" if not compared else "".join(compared[:MAX_CLUSTER_CHARS]).rstrip(OTHER) or OTHER


def strip_marks(text: str) -> str:
    """The text without combining marks and format characters; é is e, が stays."""
    shown = []
    for composed in text:
        is_latin = "\u00c0" <= composed <= "\u024f"
        character = unicodedata.normalize("NFD", composed)[0] if is_latin else composed
        if unicodedata.category(character) not in UNSHOWN_CATEGORIES:
            shown.append(character)
    return "".join(shown)
