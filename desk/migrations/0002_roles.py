"""The four roles as groups, with what each may do. A chief may change them later; we do not again."""

from django.db import migrations

READ_ALL = [
    "articles.view_article", "articles.view_edition", "articles.view_section", "articles.view_author",
    "articles.view_tag", "articles.view_masthead", "desk.view_draft", "desk.view_release", "media.view_photo",
    "polls.view_poll", "polls.view_side", "wire.view_story", "wire.view_delivery", "wire.view_source",
    "comments.view_comment", "desk.view_bundle",
]
REPORTER = [
    *READ_ALL, "desk.add_draft", "desk.change_draft", "desk.delete_draft", "media.add_photo", "media.change_photo",
    "articles.add_tag", "polls.add_poll", "polls.change_poll", "polls.add_side", "polls.change_side",
]
EDITOR = [
    *REPORTER, "desk.add_bundle", "desk.change_bundle", "desk.approve_draft", "desk.publish_draft", "desk.withdraw_draft", "desk.change_release",
    "articles.change_tag", "articles.add_author", "articles.change_author", "wire.change_story",
    "wire.change_delivery", "polls.void_vote", "comments.moderate_comment", "comments.change_comment", "audit.view_entry",
]
CHIEF = [
    *EDITOR, "desk.restore_draft", "articles.change_masthead", "articles.add_masthead", "articles.add_section",
    "articles.change_section", "articles.delete_section", "articles.delete_tag", "wire.add_source",
    "wire.change_source", "accounts.view_user", "accounts.add_user", "accounts.change_user", "accounts.view_token",
    "accounts.change_token", "outbox.view_event", "outbox.view_subscriber", "outbox.add_subscriber",
    "outbox.change_subscriber", "outbox.view_delivery",
]
MODERATOR = [
    "articles.view_article", "comments.view_comment", "comments.change_comment", "comments.moderate_comment",
    "accounts.view_user", "audit.view_entry",
]
ROLES = {"reporter": REPORTER, "editor": EDITOR, "chief": CHIEF, "moderator": MODERATOR}


def create_roles(apps, schema_editor):
    """Permission rows are made after all migrations; those that roles need are made here already."""
    Group = apps.get_model("auth", "Group")
    Permission = apps.get_model("auth", "Permission")
    ContentType = apps.get_model("contenttypes", "ContentType")
    named = {
        "desk.approve_draft": ("draft", "Can approve stories and send them back"),
        "desk.publish_draft": ("draft", "Can publish, schedule and swap stories"),
        "desk.withdraw_draft": ("draft", "Can withdraw articles"),
        "desk.restore_draft": ("draft", "Can restore withdrawn articles"),
        "comments.moderate_comment": ("comment", "Can show and hide comments"),
        "polls.void_vote": ("vote", "Can take votes out of the count"),
    }
    for role, permissions in ROLES.items():
        group, _made = Group.objects.get_or_create(name=role)
        for label in permissions:
            app, codename = label.split(".")
            verb, default_model = codename.split("_", 1)
            model, name = named.get(label, (default_model, f"Can {verb} {default_model}"))
            kind, _made = ContentType.objects.get_or_create(app_label=app, model=model)
            permission, _made = Permission.objects.get_or_create(
                content_type=kind, codename=codename, defaults={"name": name}
            )
            group.permissions.add(permission)


def delete_roles(apps, schema_editor):
    apps.get_model("auth", "Group").objects.filter(name__in=ROLES).delete()


class Migration(migrations.Migration):
    dependencies = [
        ("desk", "0001_initial"),
        ("accounts", "0001_initial"),
        ("articles", "0001_initial"),
        ("comments", "0001_initial"),
        ("outbox", "0001_initial"),
        ("audit", "0001_initial"),
        ("media", "0001_initial"),
        ("polls", "0001_initial"),
        ("wire", "0001_initial"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]
    operations = [migrations.RunPython(create_roles, delete_roles)]
