"""Permissions for masthead, sections, authors and tags.

A saved change is public at once, without an edition: so besides the permission for the model it requires
the permission to publish, and a role made of single permissions does not bypass publishing.
"""

from typing import Any

from django.db import models


def may_publish(user: Any) -> bool:
    return bool(user.is_active and user.has_perm("desk.publish_draft"))


def may_edit_site_object(user: Any, model: type[models.Model], verb: str) -> bool:
    """Whether the user may `add`, `change` or `delete` (the verb) rows of this model."""
    permission = f"{model._meta.app_label}.{verb}_{model._meta.model_name}"
    return may_publish(user) and bool(user.has_perm(permission))
