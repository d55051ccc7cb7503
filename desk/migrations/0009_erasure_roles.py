"""Chiefs alone erase articles by law."""

from django.db import migrations

PERMISSIONS = {"erase_article": "Can erase articles by law or court order", "view_erasure": "Can view legal erasure"}


def grant_erasures(apps, schema_editor):
    """Permission rows are made after all migrations; those that roles need are made here already."""
    Group = apps.get_model("auth", "Group")
    Permission = apps.get_model("auth", "Permission")
    ContentType = apps.get_model("contenttypes", "ContentType")
    kind, _made = ContentType.objects.get_or_create(app_label="desk", model="erasure")
    for codename, name in PERMISSIONS.items():
        permission, _made = Permission.objects.get_or_create(
            content_type=kind, codename=codename, defaults={"name": name}
        )
        for group in Group.objects.filter(name="chief"):
            group.permissions.add(permission)


def revoke_erasures(apps, schema_editor):
    Permission = apps.get_model("auth", "Permission")
    for permission in Permission.objects.filter(content_type__app_label="desk", codename__in=PERMISSIONS):
        permission.group_set.clear()


class Migration(migrations.Migration):
    dependencies = [("desk", "0008_erasures"), ("auth", "0012_alter_user_first_name_max_length")]
    operations = [migrations.RunPython(grant_erasures, revoke_erasures)]
