"""Chiefs lead moderation: they take over leases and change the reasons of decisions."""

from django.db import migrations

CODENAME, NAME = "lead_moderation", "Can take over leases and change reasons of decisions"


def grant_moderation(apps, schema_editor):
    """Permission rows are made after all migrations; those that roles need are made here already."""
    Group = apps.get_model("auth", "Group")
    Permission = apps.get_model("auth", "Permission")
    ContentType = apps.get_model("contenttypes", "ContentType")
    kind, _made = ContentType.objects.get_or_create(app_label="comments", model="moderationitem")
    permission, _made = Permission.objects.get_or_create(
        content_type=kind, codename=CODENAME, defaults={"name": NAME}
    )
    for group in Group.objects.filter(name="chief"):
        group.permissions.add(permission)


def revoke_moderation(apps, schema_editor):
    Permission = apps.get_model("auth", "Permission")
    for permission in Permission.objects.filter(codename=CODENAME, content_type__app_label="comments"):
        permission.group_set.clear()


class Migration(migrations.Migration):
    dependencies = [
        ("desk", "0022_name_cancellations_by_hand"),
        ("comments", "0012_moderation_queue"),
        ("auth", "0012_alter_user_first_name_max_length"),
    ]
    operations = [migrations.RunPython(grant_moderation, revoke_moderation)]
