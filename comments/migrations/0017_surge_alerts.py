"""Alerts about surges of comments, reactions and reports."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('articles', '0010_index_never_published'),
        ("comments", "0016_count_check"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='SurgeAlert',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('comments', 'comments'), ('reactions', 'reactions'), ('reports', 'reports')], max_length=9, verbose_name='what')),
                ('peak', models.PositiveIntegerField(verbose_name='most in ten minutes')),
                ('expected', models.PositiveIntegerField(verbose_name='usual in ten minutes')),
                ('started_at', models.DateTimeField(verbose_name='began')),
                ('last_seen_at', models.DateTimeField()),
                ('ended_at', models.DateTimeField(null=True, verbose_name='ended')),
                ('article', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='articles.article', verbose_name='article')),
                ('writer', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='reader')),
            ],
            options={
                'verbose_name': 'surge',
                'verbose_name_plural': 'surges',
                'constraints': [models.UniqueConstraint(condition=models.Q(('ended_at__isnull', True)), fields=('article', 'kind'), name='one_surge_of_a_kind_per_article'), models.UniqueConstraint(condition=models.Q(('ended_at__isnull', True)), fields=('writer', 'kind'), name='one_surge_of_a_kind_per_writer'), models.CheckConstraint(condition=models.Q(('article__isnull', True), ('writer__isnull', True), _connector='XOR'), name='a_surge_has_one_subject')],
            },
        ),
    ]
