from django.db import migrations

COUNT_SQL = """
UPDATE comments_comment SET visible_replies = (
  SELECT count(*) FROM comments_comment reply
  WHERE reply.parent_id = comments_comment.id AND reply.state = 'visible'
)
WHERE id IN (SELECT parent_id FROM comments_comment WHERE parent_id IS NOT NULL AND state = 'visible')
"""


class Migration(migrations.Migration):

    dependencies = [("comments", "0006_thread_columns")]

    operations = [migrations.RunSQL(COUNT_SQL, migrations.RunSQL.noop)]
