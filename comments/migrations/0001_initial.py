import django.db.models.deletion
import django.db.models.expressions
import django.db.models.functions.datetime
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('accounts', '__first__'),
        ("articles", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name='Comment',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('text', models.TextField(verbose_name='text')),
                ('state', models.CharField(choices=[('visible', 'visible'), ('held', 'held'), ('hidden', 'hidden by a moderator'), ('deleted', 'deleted by the author')], default='visible', max_length=8, verbose_name='state')),
                ('reason', models.CharField(blank=True, max_length=200, verbose_name='reason')),
                ('fingerprint', models.CharField(editable=False, max_length=64)),
                ('version', models.PositiveIntegerField(default=1, editable=False)),
                ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False, verbose_name='posted')),
                ('edited_at', models.DateTimeField(editable=False, null=True, verbose_name='edited')),
                ('likes', models.PositiveIntegerField(db_default=0, default=0, editable=False, verbose_name='likes')),
                ('dislikes', models.PositiveIntegerField(db_default=0, default=0, editable=False, verbose_name='dislikes')),
                ('score', models.GeneratedField(db_persist=True, expression=django.db.models.expressions.CombinedExpression(models.F('likes'), '-', models.F('dislikes')), output_field=models.IntegerField())),
                ('article', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='comments', to='articles.article', verbose_name='article')),
                ('author', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='comments', to=settings.AUTH_USER_MODEL, verbose_name='reader')),
                ('in_reply_to', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='comments.comment')),
                ('parent', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='replies', to='comments.comment', verbose_name='reply to')),
            ],
            options={
                'verbose_name': 'comment',
                'verbose_name_plural': 'comments',
                'permissions': [('moderate_comment', 'Can show and hide comments')],
                'indexes': [models.Index(fields=['article', 'parent', 'id'], name='comments_of_an_article'), models.Index(condition=models.Q(('parent__isnull', True)), fields=['article', '-score', '-id'], name='comments_best_first'), models.Index(fields=['author', '-id'], name='comments_of_a_reader'), models.Index(condition=models.Q(('state', 'held')), fields=['id'], name='comments_to_decide')],
            },
        ),
        migrations.CreateModel(
            name='Reaction',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('value', models.CharField(choices=[('like', 'like'), ('dislike', 'dislike')], max_length=7, verbose_name='reaction')),
                ('reacted_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('comment', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='reactions', to='comments.comment')),
                ('reader', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='reactions', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'reaction',
                'verbose_name_plural': 'reactions',
                'constraints': [models.UniqueConstraint(fields=('comment', 'reader'), name='one_reaction_per_comment_and_reader'), models.CheckConstraint(condition=models.Q(('value__in', ['like', 'dislike'])), name='a_reaction_likes_or_dislikes')],
            },
        ),
        migrations.CreateModel(
            name='Report',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('reason', models.CharField(choices=[('spam', 'spam'), ('abuse', 'abuse'), ('hate', 'hate'), ('obscene', 'obscene'), ('personal_data', 'personal data'), ('falsehood', 'falsehood'), ('other', 'other')], max_length=13, verbose_name='reason')),
                ('note', models.CharField(blank=True, max_length=500, verbose_name='note')),
                ('reported_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('settled_at', models.DateTimeField(editable=False, null=True)),
                ('comment', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='reports', to='comments.comment')),
                ('reader', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='reports', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'report',
                'verbose_name_plural': 'reports',
                'indexes': [models.Index(condition=models.Q(('settled_at__isnull', True)), fields=['comment'], name='reports_to_settle')],
                'constraints': [models.UniqueConstraint(fields=('comment', 'reader'), name='one_report_per_comment_and_reader')],
            },
        ),
    ]
