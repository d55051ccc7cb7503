"""Rows of related boxes by permanent identifiers: a box may name an article that is imported later."""

from django.db import migrations, models
from django.db.models import OuterRef, Subquery


def set_identifiers(apps, schema_editor):
    uid = apps.get_model("articles", "Article").objects.filter(pk=OuterRef("related_id"))
    boxed = apps.get_model("articles", "BoxedArticle").objects
    boxed.update(related_uid=Subquery(uid.values("uid")))
    boxed.filter(related_uid=None).delete()


def set_ids(apps, schema_editor):
    own_id = apps.get_model("articles", "Article").objects.filter(uid=OuterRef("related_uid"))
    boxed = apps.get_model("articles", "BoxedArticle").objects
    boxed.update(related_id=Subquery(own_id.values("pk")))
    boxed.filter(related=None).delete()


class Migration(migrations.Migration):
    dependencies = [("articles", "0008_add_seo_fields")]
    operations = [
        migrations.RemoveConstraint("boxedarticle", "a_boxed_article_stands_once"),
        migrations.AddField("boxedarticle", "related_uid", models.UUIDField(null=True)),
        migrations.AlterField(
            "boxedarticle",
            "related",
            models.ForeignKey(
                "articles.Article",
                models.CASCADE,
                related_name="boxed_by",
                db_constraint=False,
                null=True,
            ),
        ),
        migrations.RunPython(set_identifiers, set_ids),
        migrations.RemoveField("boxedarticle", "related"),
        migrations.AlterField("boxedarticle", "related_uid", models.UUIDField(db_index=True)),
        migrations.AddConstraint(
            "boxedarticle",
            models.UniqueConstraint(
                fields=("article", "related_uid"), name="a_boxed_article_stands_once"
            ),
        ),
    ]
