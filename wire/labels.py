"""Labels of parser warnings and of unsupported formats: codes as words for people. Pure."""

from collections.abc import Iterable

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

WARNINGS: dict[str, str | Promise] = {
    "address_in_text": _(
        "A reporter's address stood in the text and was taken out. Check the sentence."
    ),
    "characters_replaced": _("Some characters could not be read and stand as �."),
    "charset_unknown": _("An unknown encoding was declared; the text was read by trying."),
    "charset_wrong": _("The text is not in the declared encoding; it was read by trying."),
    "control_characters": _("Invisible control characters were taken out."),
    "embargo_mentioned": _("The text mentions an embargo. Check whether it holds for this story."),
    "embargo_unreadable": _("There is an embargo, and we cannot read until when."),
    "no_body": _("There is a headline and no text."),
    "no_sign": _("Nothing in this text says that an agency sent it."),
    "no_stamp": _("The text does not say when it was sent."),
    "stamp_unreadable": _("A time of sending could not be read."),
    "stamps_differ": _("The text names several times of sending."),
    "text_after_end": _("There was more text after the end mark; it was left out."),
}

# What a delivery looks like that no parser reads (wire/parsers/sniffing.py).
UNSUPPORTED_KINDS: dict[str, str | Promise] = {
    "7z": _("a 7z archive"),
    "audio": _("a sound file"),
    "binary": _("a binary file"),
    "bzip2": _("a bzip2 archive"),
    "csv": _("a list of values (CSV)"),
    "epub": _("an EPUB book"),
    "excel": _("an Excel file"),
    "gif": _("a GIF picture"),
    "gzip": _("a gzip archive"),
    "html": _("an HTML page"),
    "hwp": _("an HWP document"),
    "jpeg": _("a JPEG picture"),
    "json": _("JSON"),
    "ole": _("a document of an office program"),
    "pdf": _("a PDF document"),
    "png": _("a PNG picture"),
    "powerpoint": _("a PowerPoint file"),
    "rar": _("a RAR archive"),
    "rtf": _("an RTF document"),
    "tiff": _("a TIFF picture"),
    "video": _("a video"),
    "webp": _("a WebP picture"),
    "word": _("a Word document"),
    "xml": _("XML of an unknown vocabulary"),
    "xz": _("an xz archive"),
    "zip": _("a zip archive"),
}

# Of the structured formats alone.
STRUCTURED_WARNINGS: dict[str, str | Promise] = {
    "headline_missing": _("The agency sent no headline; another of its lines stands there."),
    "html_removed": _("Scripts, frames or forms were taken out of the text."),
    "picture_withheld": _("A picture that the agency withholds or cancelled was left out."),
    "not_well_formed": _("The document was damaged; what could be read is here. Check the end."),
}


def warning_sentences(codes: Iterable[str]) -> list[str]:
    """The warnings as sentences, in their order; a code without a sentence as it is."""
    sentences = WARNINGS | STRUCTURED_WARNINGS
    return [str(sentences.get(code, code)) for code in codes]
