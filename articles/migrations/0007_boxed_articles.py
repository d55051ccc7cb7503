import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("articles", "0006_section_needs_approval")]

    operations = [
        migrations.CreateModel(
            name="BoxedArticle",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "article",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="articles.article",
                    ),
                ),
                (
                    "related",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="boxed_by",
                        to="articles.article",
                    ),
                ),
            ],
        ),
        migrations.AddConstraint(
            model_name="boxedarticle",
            constraint=models.UniqueConstraint(
                fields=("article", "related"), name="a_boxed_article_stands_once"
            ),
        ),
        migrations.AddIndex(
            model_name="edition",
            index=models.Index(
                condition=models.Q(("body_html__contains", 'data-related="')),
                fields=["article"],
                name="editions_with_related_box",
            ),
        ),
    ]
