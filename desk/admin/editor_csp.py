"""What the browser must be allowed for the rich-text editor, and no more."""

import base64
import hashlib
from functools import cache
from typing import Any

from django_prose_editor.widgets import importmap

# The style sheet that the editor's engine writes into the page. A new version of the editor may bring
# another; the browser test of the story page then says so, with the hash to put here.
ENGINE_STYLE_HASH = "'sha256-PlumsSlvJ7vvWzjqibGAYKq92O3y/4JTxWWsWJvyUYA='"


@cache
def importmap_hash() -> str:
    """The CSP source of the one inline script the editor needs, its import map (CSP3 §2.3.1)."""
    inner = str(importmap).partition(">")[2].removesuffix("</script>")
    digest = hashlib.sha256(inner.encode()).digest()
    return f"'sha256-{base64.b64encode(digest).decode()}'"


def allow_editor_csp(response: Any) -> Any:
    """The page, allowed to load the editor's modules. Read by django-csp."""
    response._csp_update = {"script-src": [importmap_hash()], "style-src": [ENGINE_STYLE_HASH]}
    return response
