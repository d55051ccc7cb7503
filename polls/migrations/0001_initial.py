import django.db.models.deletion
import django.utils.timezone
import polls.models
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='Poll',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('title', models.CharField(blank=True, max_length=80, verbose_name='title')),
                ('question', models.CharField(max_length=200, verbose_name='question')),
                ('opens_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='opens')),
                ('closes_at', models.DateTimeField(blank=True, null=True, verbose_name='closes')),
                ('results', models.CharField(choices=[('always', 'always'), ('after_vote', "after one's own vote"), ('after_close', 'after the end')], default='always', max_length=12, verbose_name='results are shown')),
                ('public', models.BooleanField(default=False, editable=False, verbose_name='public')),
                ('published_closes_at', models.DateTimeField(editable=False, null=True)),
                ('secret', models.CharField(default=polls.models.new_secret, editable=False, max_length=64)),
            ],
            options={
                'verbose_name': 'poll',
                'verbose_name_plural': 'polls',
                'indexes': [models.Index(condition=models.Q(('closes_at__isnull', False), models.Q(('published_closes_at__isnull', True), models.Q(('published_closes_at', models.F('closes_at')), _negated=True), _connector='OR')), fields=['closes_at'], name='polls_to_tell'), models.Index(fields=['opens_at'], name='polls_to_open')],
                'constraints': [models.CheckConstraint(condition=models.Q(('closes_at__isnull', True), ('closes_at__gt', models.F('opens_at')), _connector='OR'), name='a_poll_closes_after_it_opens')],
            },
        ),
        migrations.CreateModel(
            name='Side',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(choices=[('pro', 'pro'), ('con', 'con')], max_length=3, verbose_name='side')),
                ('label', models.CharField(max_length=20, verbose_name='label')),
                ('persona', models.CharField(max_length=20, verbose_name='mascot')),
                ('avatar', models.CharField(choices=[('booki', '부키'), ('moki', '모키')], default='booki', max_length=20, verbose_name='picture')),
                ('argument', models.CharField(blank=True, max_length=300, verbose_name='argument')),
                ('poll', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='sides', to='polls.poll')),
            ],
            options={
                'verbose_name': 'side',
                'verbose_name_plural': 'sides',
                'ordering': ['-key'],
                'constraints': [models.UniqueConstraint(fields=('poll', 'key'), name='a_side_stands_once_in_a_poll'), models.CheckConstraint(condition=models.Q(('key__in', ['pro', 'con'])), name='a_side_is_pro_or_con')],
            },
        ),
        migrations.CreateModel(
            name='Vote',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('side', models.CharField(choices=[('pro', 'pro'), ('con', 'con')], max_length=3)),
                ('voter', models.CharField(max_length=64)),
                ('browser', models.CharField(blank=True, max_length=64)),
                ('void', models.BooleanField(default=False)),
                ('cast_at', models.DateTimeField()),
                ('changed_at', models.DateTimeField()),
                ('poll', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='votes', to='polls.poll')),
            ],
            options={
                'verbose_name': 'vote',
                'verbose_name_plural': 'votes',
                'permissions': [('void_vote', 'Can take votes out of the count')],
                'indexes': [models.Index(condition=models.Q(('void', False)), fields=['poll', 'side'], name='votes_that_count'), models.Index(fields=['poll', 'browser'], name='votes_of_a_browser')],
                'constraints': [models.UniqueConstraint(fields=('poll', 'voter'), name='one_vote_per_poll_and_voter'), models.CheckConstraint(condition=models.Q(('side__in', ['pro', 'con'])), name='a_vote_is_pro_or_con')],
            },
        ),
    ]
