from django.db import migrations


class Migration(migrations.Migration):
    """The sweep of search takes every live story in once more, now with the words it suggests. Readers go
    on searching meanwhile: each story is found by its former words until its new ones stand."""

    dependencies = [("articles", "0013_words_are_suggested")]

    operations = [
        migrations.RunSQL(
            "UPDATE articles_article SET indexed = 0 WHERE live_id IS NOT NULL",
            migrations.RunSQL.noop,
        ),
    ]
