"""A bundle knows which reading of it somebody decided on; the roles may see bundles, editors change them."""

from django.db import migrations, models

MAY = {
    "reporter": ["view_bundle"],
    "editor": ["view_bundle", "add_bundle", "change_bundle"],
    "chief": ["view_bundle", "add_bundle", "change_bundle"],
}


def let_roles_bundle(apps, schema_editor):
    """Permission rows are made after all migrations; those that roles need are made here already."""
    Group = apps.get_model("auth", "Group")
    Permission = apps.get_model("auth", "Permission")
    ContentType = apps.get_model("contenttypes", "ContentType")
    kind, _made = ContentType.objects.get_or_create(app_label="desk", model="bundle")
    for role, codenames in MAY.items():
        # A chief may have renamed or dissolved a role: what is not there gets nothing.
        group = Group.objects.filter(name=role).first()
        for codename in codenames if group else ():
            name = f"Can {codename.partition('_')[0]} bundle"
            permission, _made = Permission.objects.get_or_create(
                content_type=kind, codename=codename, defaults={"name": name}
            )
            group.permissions.add(permission)


def take_back(apps, schema_editor):
    apps.get_model("auth", "Permission").objects.filter(
        content_type__app_label="desk", content_type__model="bundle"
    ).delete()


class Migration(migrations.Migration):
    dependencies = [
        ("desk", "0004_terms_and_bundles"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]
    operations = [
        migrations.AddField(
            model_name="bundle",
            name="version",
            field=models.PositiveIntegerField(default=1, editable=False),
        ),
        migrations.RunPython(let_roles_bundle, take_back),
    ]
