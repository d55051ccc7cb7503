"""Usage terms: whether they forbid use by AI, and resale of pictures. Pure."""

import re

AI_WORDS = (
    r"(?:\bA\.?I\.?(?![A-Za-z])|artificial intelligence|machine[- ]learning|\bLLMs?\b|generative"
    r"|text and data mining|\bTDM\b)"
)
AI_PROHIBITED = re.compile(
    r"(?:AI|인공지능|기계\s?학습)[^<>.\n]{0,60}(?:금지|불허|금합니다|금함|할 수 없|허용하지 않)"
    r"|(?:금지|불허)\s?[:：][^<>.\n]{0,60}(?:AI|인공지능)"
    rf"|\b(?:no|not|without|never|prohibit(?:s|ed)?|forbid(?:s|den)?)\b[^.\n]{{0,100}}{AI_WORDS}"
    rf"|{AI_WORDS}[^.\n]{{0,80}}\b(?:prohibited|forbidden|excluded|reserved"
    r"|not (?:be )?(?:permitted|allowed|authori[sz]ed|licen[sc]ed))"
    r"|DMI-PROHIBITED",  # PLUS Data Mining vocabulary
    re.IGNORECASE,
)
RESALE_PROHIBITED = re.compile(
    r"재판매|DB\s?(?:화|구축|저장|및\s?[가-힣]+)?\s?금지"
    r"|\bno (?:resale|archives?)\b|\bnot for (?:re)?sale\b|\bresale (?:is )?prohibited\b",
    re.IGNORECASE,
)


def forbids_ai(*texts: str) -> bool:
    """Whether one of the rights lines and usage terms forbids training with or use by AI."""
    return any(AI_PROHIBITED.search(text) for text in texts if text)


def forbids_resale(*texts: str) -> bool:
    """Whether one of the texts forbids resale of a picture, or its storage in databases."""
    return any(RESALE_PROHIBITED.search(text) for text in texts if text)
