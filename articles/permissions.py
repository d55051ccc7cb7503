"""Who may change what readers see of the site itself: masthead, sections, authors, tags.

They are public the moment they are kept, without an edition: beside the permission for the thing it
takes the right to publish, so that a role made of single permissions opens no way around publishing.
"""

from typing import Any

from django.db import models


def may_publish(user: Any) -> bool:
    return bool(user.is_active and user.has_perm("desk.publish_draft"))


def may_edit_site_object(user: Any, kind: type[models.Model], verb: str) -> bool:
    """Whether this person may `add`, `change` or `delete` a thing of this kind for readers."""
    permission = f"{kind._meta.app_label}.{verb}_{kind._meta.model_name}"
    return may_publish(user) and bool(user.has_perm(permission))
