import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from django.db.models import F, Q
from django.db.models.functions import Now


class Migration(migrations.Migration):

    dependencies = [
        ('articles', '0016_months_are_counted'),
        ('comments', '0001_initial'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Reaction',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('value', models.CharField(choices=[('like', 'like'), ('dislike', 'dislike')], max_length=7, verbose_name='reaction')),
                ('reacted_at', models.DateTimeField(db_default=Now())),
                ('comment', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='reactions', to='comments.comment')),
                ('reader', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='reactions', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'reaction',
                'verbose_name_plural': 'reactions',
                'constraints': [
                    models.UniqueConstraint(fields=('comment', 'reader'), name='one_reaction_per_comment_and_reader'),
                    models.CheckConstraint(condition=Q(('value__in', ['like', 'dislike'])), name='a_reaction_likes_or_dislikes'),
                ],
            },
        ),
        migrations.AddField(
            model_name='comment',
            name='dislikes',
            field=models.PositiveIntegerField(db_default=0, default=0, editable=False, verbose_name='dislikes'),
        ),
        migrations.AddField(
            model_name='comment',
            name='likes',
            field=models.PositiveIntegerField(db_default=0, default=0, editable=False, verbose_name='likes'),
        ),
        migrations.AddField(
            model_name='comment',
            name='score',
            field=models.GeneratedField(db_persist=True, expression=F('likes') - F('dislikes'), output_field=models.IntegerField()),
        ),
        migrations.AddIndex(
            model_name='comment',
            index=models.Index(condition=Q(('parent__isnull', True)), fields=['article', '-score', '-id'], name='comments_best_first'),
        ),
    ]
