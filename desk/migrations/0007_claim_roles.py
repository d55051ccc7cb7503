"""Editors and chiefs handle claims and see who makes them. A chief may change that later."""

from django.db import migrations

PERMISSIONS = {
    ("claim", "view_claim"): "Can view claim",
    ("claim", "add_claim"): "Can add claim",
    ("claim", "change_claim"): "Can change claim",
    ("claim", "view_claimant"): "Can see the personal data of claimants",
}
ROLES = ("editor", "chief")


def grant_claims(apps, schema_editor):
    """Permission rows are made after all migrations; those that roles need are made here already."""
    Group = apps.get_model("auth", "Group")
    Permission = apps.get_model("auth", "Permission")
    ContentType = apps.get_model("contenttypes", "ContentType")
    for (model, codename), name in PERMISSIONS.items():
        kind, _made = ContentType.objects.get_or_create(app_label="desk", model=model)
        permission, _made = Permission.objects.get_or_create(
            content_type=kind, codename=codename, defaults={"name": name}
        )
        for group in Group.objects.filter(name__in=ROLES):
            group.permissions.add(permission)


def revoke_claims(apps, schema_editor):
    Permission = apps.get_model("auth", "Permission")
    codenames = [codename for _model, codename in PERMISSIONS]
    rows = Permission.objects.filter(content_type__app_label="desk", codename__in=codenames)
    for permission in rows:
        permission.group_set.clear()


class Migration(migrations.Migration):
    dependencies = [("desk", "0006_claims"), ("auth", "0012_alter_user_first_name_max_length")]
    operations = [migrations.RunPython(grant_claims, revoke_claims)]
