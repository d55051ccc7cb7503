"""Ids of suspensions: the digests of one end together, and one digest may be kept for several.

Reversible: backwards, of several rows of one digest the one that ends last stays.
"""

from typing import Any

from django.db import migrations, models

from accounts.models.identities import new_sanction_id


def tie_digests(apps: Any, _schema_editor: Any) -> None:
    """One id for the digests of each account; of closed ones nothing says which belong together."""
    sanctions = apps.get_model("accounts", "RetainedSanction").objects
    ids: dict[int, str] = {}
    for pk, user_id in sanctions.order_by("pk").values_list("pk", "user_id"):
        sanction = ids.setdefault(user_id, new_sanction_id()) if user_id else new_sanction_id()
        sanctions.filter(pk=pk).update(sanction=sanction)


def keep_one_row_per_digest(apps: Any, _schema_editor: Any) -> None:
    """Delete the rows of a digest but the one that ends last."""
    sanctions = apps.get_model("accounts", "RetainedSanction").objects
    seen: set[str] = set()
    for pk, digest in sanctions.order_by("-until", "-pk").values_list("pk", "digest"):
        if digest in seen:
            sanctions.filter(pk=pk).delete()
        seen.add(digest)


class Migration(migrations.Migration):
    dependencies = [("accounts", "0003_nickname_keys_by_tr39")]

    operations = [
        migrations.AddField(
            "retainedsanction",
            "sanction",
            models.CharField(default="", editable=False, max_length=32),
            preserve_default=False,
        ),
        migrations.RunPython(tie_digests, migrations.RunPython.noop),
        migrations.AlterField(
            "retainedsanction", "digest", models.CharField(editable=False, max_length=64)
        ),
        migrations.RunPython(migrations.RunPython.noop, keep_one_row_per_digest),
        migrations.AlterField(
            "retainedsanction",
            "sanction",
            models.CharField(
                db_index=True, default=new_sanction_id, editable=False, max_length=32
            ),
        ),
        migrations.AddConstraint(
            "retainedsanction",
            models.UniqueConstraint(
                fields=("digest", "sanction"), name="one_row_per_digest_of_sanction"
            ),
        ),
    ]
