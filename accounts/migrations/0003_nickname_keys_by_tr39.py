"""Makes the keys of nicknames anew by the look-alikes of Unicode TR39; keys of closed accounts stay."""

from typing import Any

from django.db import migrations

from accounts.nicknames.skeleton import former_skeleton, skeleton


def renew_keys(apps: Any, schema_editor: Any) -> None:
    make_keys(apps, skeleton)


def restore_keys(apps: Any, schema_editor: Any) -> None:
    make_keys(apps, former_skeleton)


def make_keys(apps: Any, key_of: Any) -> None:
    """Save the key of each nickname, where no other account has it: of two that look alike now, the older."""
    users = apps.get_model("accounts", "User").objects
    rows = users.exclude(nickname_key__startswith="-").order_by("pk")
    for pk, nickname, key in rows.values_list("pk", "nickname", "nickname_key").iterator():
        new = key_of(nickname)
        if new != key and not users.filter(nickname_key=new).exists():
            users.filter(pk=pk).update(nickname_key=new)


class Migration(migrations.Migration):
    dependencies = [("accounts", "0002_identities")]

    operations = [migrations.RunPython(renew_keys, restore_keys)]
