"""Tables of what a character can stand for: jamo, keys of the two-set keyboard, romanization, look-alikes.

Each table maps characters to folded letters. Tables share their strings: else those of the syllables would
take 12 MB in each process instead of 5. Folding makes equal what sounds alike: tense and plain consonants
(ㅆ, ㅅ), iotated and plain vowels (ㅕ, ㅓ), ㅐ and ㅔ, ㅢ and ㅣ. A silent ㅇ is left out, so that 밥오
equals 바보. A character without letters maps to nothing.
"""

import unicodedata
from sys import intern

from accounts.nicknames.confusables import CONFUSABLES
from newsroom.text.hangul import COMPOUND_PARTS, FIRST_SYLLABLE, LAST_SYLLABLE, LEADS, TAILS, VOWELS

Table = dict[str, str]

SAME_SOUND = str.maketrans("ㄲㄸㅃㅆㅉㅑㅐㅒㅕㅖㅛㅠ", "ㄱㄷㅂㅅㅈㅏㅔㅔㅓㅔㅗㅜ")
VOWEL_SOUNDS = {"ㅢ": "ㅣ", "ㅟ": "ㅣ", "ㅚ": "ㅔ", "ㅙ": "ㅔ", "ㅞ": "ㅔ"}
TAIL_SOUNDS = {"ㅋ": "ㄱ", "ㅍ": "ㅂ"}
FOLDED_LETTERS = "ㄱㄴㄷㄹㅁㅂㅅㅇㅈㅊㅋㅌㅍㅎㅏㅓㅔㅗㅜㅡㅣ"
FOLDED_VOWELS = frozenset("ㅏㅓㅔㅗㅜㅡㅣ")


def fold_jamo(jamo: str) -> str:
    """A jamo as folded letters; a compound is two."""
    if jamo in VOWEL_SOUNDS:
        return VOWEL_SOUNDS[jamo]
    return "".join(COMPOUND_PARTS.get(jamo, jamo)).translate(SAME_SOUND)


def fold_syllable(character: str) -> str:
    """A syllable as folded letters: 씨 is ㅅㅣ, 알 is ㅏㄹ."""
    number = ord(character) - FIRST_SYLLABLE
    lead, vowel, tail = LEADS[number // 588], VOWELS[number % 588 // 28], TAILS[number % 28].strip()
    start = "" if lead == "ㅇ" else fold_jamo(lead)
    end = TAIL_SOUNDS.get(tail) or (fold_jamo(tail) if tail else "")
    return intern(start + fold_jamo(vowel) + end)


def make_hangul() -> Table:
    """Syllables, and jamo of all three blocks after NFKC."""
    syllables = map(chr, range(FIRST_SYLLABLE, LAST_SYLLABLE + 1))
    table = {syllable: fold_syllable(syllable) for syllable in syllables}
    table |= {jamo: fold_jamo(jamo) for jamo in LEADS + VOWELS + TAILS.replace(" ", "")}
    return table


def split_pairs(pairs: str) -> dict[str, str]:
    """A table written as words of a character and what it stands for."""
    return {word[0]: word[1:] for word in pairs.split()}


# Signs of other scripts that are drawn like a jamo. Latin ones are in SHAPES.
SIGNS = split_pairs(
    "人ㅅ 入ㅅ Λㅅ λㅅ ∧ㅅ △ㅅ ▲ㅅ 口ㅁ □ㅁ ■ㅁ 丨ㅣ │ㅣ ┃ㅣ ∣ㅣ 亅ㅣ 卜ㅏ ├ㅏ ┣ㅏ ┤ㅓ ┫ㅓ 丄ㅗ "
    "上ㅗ ⊥ㅗ ┴ㅗ 丅ㅜ 下ㅜ ┬ㅜ 一ㅡ "
    "─ㅡ ━ㅡ 己ㄹ 乙ㄹ 匚ㄷ ⊂ㄷ 〇ㅇ ○ㅇ ◯ㅇ ●ㅇ ¬ㄱ ﹁ㄱ ┐ㄱ ┓ㄱ └ㄴ ┗ㄴ 日ㅂ 廿ㅂ 凵ㅂ"
)
# Hanja by their sound, those that are used to write an insult.
HANJA = split_pairs(
    "時시 氏씨 發발 髮발 八팔 病병 身신 神신 寶보 步보 犬개 狗개 地지 美미 親친 者자 子자"
)
# The sounds of kana, without those that no insult needs.
KANA = split_pairs(
    "バ바 パ바 ボ보 ポ보 シ시 ス스 セ세 サ사 ソ소 ル르 ラ라 リ리 レ레 ロ로 チ지 ジ지 ツ쓰 ケ개 "
    "ゲ개 カ가 ガ가 キ기 ギ기 "
    "ク구 グ구 コ고 ゴ고 ミ미 ン응 ビ비 ピ비 ブ부 プ부 ベ베 ペ베 モ모 ヌ누 ノ노 ナ나 ニ니 ネ네 "
    "マ마 ム므 メ메 ハ하 ヒ히 "
    "ト도 ド도 タ다 ダ다 テ데 デ데 ョㅛ ャㅑ ュㅠ ァㅏ ィㅣ ェㅔ ォㅗ ア아 イ이 ウ우 エ에 オ오 "
    "ヤ야 ユ유 ヨ요 ー- ッ-"
)
# Keys of the two-set keyboard (두벌식).
KEYS = split_pairs(
    "qㅂ wㅈ eㄷ rㄱ tㅅ yㅛ uㅕ iㅑ oㅐ pㅔ aㅁ sㄴ dㅇ fㄹ gㅎ hㅗ jㅓ kㅏ lㅣ zㅋ xㅌ cㅊ vㅍ "
    "bㅠ nㅜ mㅡ"
)
ROMAN = split_pairs(
    "aㅏ bㅂ cㅊ dㄷ eㅔ fㅍ gㄱ hㅎ iㅣ jㅈ kㄱ lㄹ mㅁ nㄴ oㅗ pㅂ qㄱ rㄹ sㅅ tㄷ uㅜ vㅂ yㅣ "
    "zㅈ"
)
# Longer spellings, replaced first by as many characters: a dash stands for nothing.
ROMAN_DIGRAPHS = (
    *(("yeo", "ㅓ--"), ("eo", "ㅓ-"), ("eu", "ㅡ-"), ("ae", "ㅔ-"), ("ee", "ㅣ-"), ("oo", "ㅜ-")),
    *(("ng", "ㅇ-"), ("sh", "ㅅ-"), ("ch", "ㅊ-"), ("ck", "ㄱ-"), ("ya", "ㅏ-"), ("yu", "ㅓ-")),
    *(("ah", "ㅏ-"), ("oh", "ㅗ-")),
)
# Latin letters and digits drawn like a jamo, or read by their names (c is 씨).
SHAPES = split_pairs(
    "8발 lㅣ iㅣ 1ㅣ |ㅣ !ㅣ rㅏ fㅏ tㅜ hㅔ eㅣ oㅇ 0ㅇ 2ㄹ 7ㄱ ^ㅅ aㅅ uㅜ c시 g지 z지 b비 d디 "
    "kㄱ nㄴ"
)
DIGIT_SOUNDS = split_pairs("0영 1일 2이 3삼 4사 5보 6육 7칠 8발 9구")
DIGIT_OTHER_SOUNDS = split_pairs("0공 1이 2이 3새 4네 5오 6유 7치 8팔 9개")
LOOKALIKE_LETTERS = {
    character: key
    for key, characters in CONFUSABLES.items()
    for character in characters
    if len(key) == 1
}
# Text is compared in lower case, so the small letter of a capital that looks Latin counts too: т of Т.
LOOKALIKES = {
    ord(small): key
    for character, key in LOOKALIKE_LETTERS.items()
    if len(small := character.casefold()) == 1
} | {ord(character): key for character, key in LOOKALIKE_LETTERS.items()}


def fold_values(pairs: dict[str, str], hangul: Table) -> Table:
    """A table of characters, with its values folded; a dash stands for nothing."""
    return {key: "".join(hangul.get(c, "") for c in value) for key, value in pairs.items()}


HANGUL = make_hangul()
PLAIN: Table = {
    **HANGUL,
    **fold_values(SIGNS | HANJA | KANA, HANGUL),
    **{
        chr(ord(character) - 0x60): letters
        for character, letters in fold_values(KANA, HANGUL).items()
        if character < "\u30fb"
    },
}
KEYBOARD: Table = PLAIN | fold_values(KEYS | DIGIT_SOUNDS, HANGUL)
ROMANIZED: Table = PLAIN | fold_values(ROMAN | DIGIT_OTHER_SOUNDS, HANGUL)
SHAPED: Table = PLAIN | fold_values(SHAPES, HANGUL)
CONJOINING: dict[int, str] = {
    **{0x1100 + n: jamo for n, jamo in enumerate(LEADS)},
    **{0x1161 + n: jamo for n, jamo in enumerate(VOWELS)},
    **{0x11A7 + n: jamo for n, jamo in enumerate(TAILS) if n},
}


def is_letter(character: str) -> bool:
    return unicodedata.category(character)[0] == "L"
