"""SimHash (Charikar, 2002): 64 bits of a text of which similar texts share most, in bands. Pure.

Two texts differ in about 64 · angle / π of the bits, where the angle is that between their counts of
letters and of pairs of letters: in nine bits where two of 30 letters differ. An index of bands of 8 bits
finds those that differ in at most one bit of a band (`probes_of`): such texts do so in some band with a
probability of 99.9 %, and in five of eight on average; unrelated ones in none or one.
"""

import hashlib
import unicodedata
from collections import Counter
from functools import lru_cache
from itertools import pairwise

BITS, BAND_BITS = 64, 8
BANDS = BITS // BAND_BITS
PROBES = BANDS * (1 + BAND_BITS)  # of one text
LANE_BITS = 16  # of the counter of each bit: a text of 60,000 letters does not overflow it
# Each byte with its bits in lanes of LANE_BITS, so that adding integers adds all counters at once.
SPREAD = [sum(1 << bit * LANE_BITS for bit in range(8) if byte >> bit & 1) for byte in range(256)]
LANE = (1 << LANE_BITS) - 1


def letters_of(text: str) -> str:
    """Letters and digits of a text in one case and width, without anything else."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    return "".join(character for character in folded if character.isalnum())


def bands_of(letters: str) -> list[int]:
    """The bands of the SimHash, each as one number with its place: 0 to 255, 256 to 511, …"""
    features = [*letters, *(a + b for a, b in pairwise(letters))]
    counters = sum(spread_hash(feature) for feature in features)
    half = len(features) / 2
    bits = [(counters >> bit * LANE_BITS & LANE) > half for bit in range(BITS)]
    bands = (bits[n : n + BAND_BITS] for n in range(0, BITS, BAND_BITS))
    values = (sum(1 << place for place, bit in enumerate(band) if bit) for band in bands)
    return [(number << BAND_BITS) + value for number, value in enumerate(values)]


def probes_of(bands: list[int]) -> list[int]:
    """The bands, and those that differ from them in one bit."""
    flips = [0, *(1 << bit for bit in range(BAND_BITS))]
    return [band ^ flip for band in bands for flip in flips]


@lru_cache(maxsize=4096)
def spread_hash(feature: str) -> int:
    """The 64 bits of a feature's hash, each in a lane of its own."""
    digest = hashlib.blake2b(feature.encode("utf-8", "surrogatepass"), digest_size=BITS // 8)
    shift = BAND_BITS * LANE_BITS
    return sum(SPREAD[byte] << place * shift for place, byte in enumerate(digest.digest()))


def pair_similarity(one: str, other: str) -> float:
    """The share of pairs of letters that two texts have in common (Dice): 1 for equal ones, 0 for none."""
    pairs, other_pairs = (Counter(pairwise(letters)) for letters in (one, other))
    total = pairs.total() + other_pairs.total()
    return 2 * (pairs & other_pairs).total() / total if total else float(one == other)
