"""Appeals, requests to block comments and their notices; the state `blocked`."""

import django.db.models.deletion
import django.db.models.functions.datetime
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("accounts", "0007_sanctions"),
        ("comments", "0014_items_of_waiting_comments"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AlterField(
            model_name='comment',
            name='state',
            field=models.CharField(choices=[('visible', 'visible'), ('held', 'held'), ('hidden', 'hidden by a moderator'), ('blocked', 'blocked on request'), ('deleted', 'deleted by the author')], default='visible', max_length=8, verbose_name='state'),
        ),
        migrations.CreateModel(
            name='BlockRequest',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('requester_name', models.CharField(blank=True, max_length=80, verbose_name='name of the requester')),
                ('requester_email', models.EmailField(blank=True, max_length=254, verbose_name='e-mail of the requester')),
                ('basis', models.CharField(choices=[('defamation', 'defamation'), ('privacy', 'invasion of privacy'), ('other', 'another violation of rights')], max_length=10, verbose_name='violated right')),
                ('statement', models.TextField(blank=True, verbose_name='statement')),
                ('state', models.CharField(choices=[('open', 'waiting for a decision'), ('blocked', 'blocked'), ('declined', 'declined'), ('ended', 'ended')], default='open', max_length=8, verbose_name='state')),
                ('requested_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False, verbose_name='requested')),
                ('decided_at', models.DateTimeField(editable=False, null=True, verbose_name='decided')),
                ('note', models.CharField(blank=True, max_length=500, verbose_name='note')),
                ('blocked_until', models.DateTimeField(editable=False, null=True, verbose_name='blocked until')),
                ('former_state', models.CharField(blank=True, editable=False, max_length=8)),
                ('objection', models.TextField(blank=True, verbose_name='objection of the author')),
                ('objected_at', models.DateTimeField(editable=False, null=True)),
                ('ended_at', models.DateTimeField(editable=False, null=True, verbose_name='ended')),
                ('outcome', models.CharField(blank=True, choices=[('restored', 'shown again'), ('removed', 'hidden for good'), ('deleted', 'deleted by its author')], max_length=8, verbose_name='outcome')),
                ('comment', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='comments.comment', verbose_name='comment')),
                ('decided_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='decided by')),
            ],
            options={
                'verbose_name': 'request to block a comment',
                'verbose_name_plural': 'requests to block comments',
            },
        ),
        migrations.CreateModel(
            name='BlockNotice',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('recipient', models.CharField(choices=[('requester', 'requester'), ('author', 'author')], max_length=9)),
                ('kind', models.CharField(choices=[('blocked', 'blocked'), ('declined', 'declined'), ('objected', 'objection'), ('restored', 'shown again'), ('removed', 'hidden for good')], max_length=8)),
                ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('mailed_at', models.DateTimeField(null=True)),
                ('request', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='notices', to='comments.blockrequest')),
            ],
            options={
                'verbose_name': 'notice about a block',
                'verbose_name_plural': 'notices about blocks',
                'default_permissions': (),
            },
        ),
        migrations.CreateModel(
            name='Appeal',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('decision', models.BigIntegerField(editable=False)),
                ('text', models.TextField(verbose_name='text')),
                ('state', models.CharField(choices=[('open', 'waiting for a decision'), ('granted', 'granted'), ('rejected', 'rejected'), ('moot', 'nothing left to decide')], default='open', max_length=8, verbose_name='state')),
                ('answer', models.CharField(blank=True, max_length=500, verbose_name='answer')),
                ('filed_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False, verbose_name='filed')),
                ('answered_at', models.DateTimeField(editable=False, null=True, verbose_name='answered')),
                ('answered_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='answered by')),
                ('comment', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='comments.comment', verbose_name='comment')),
                ('decided_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='decided by')),
                ('reader', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='reader')),
                ('sanction', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='accounts.sanction', verbose_name='sanction')),
            ],
            options={
                'verbose_name': 'appeal',
                'verbose_name_plural': 'appeals',
                'indexes': [models.Index(condition=models.Q(('state', 'open')), fields=['id'], name='appeals_to_decide'), models.Index(fields=['reader', '-id'], name='appeals_of_a_reader')],
                'constraints': [models.CheckConstraint(condition=models.Q(('comment__isnull', True), ('sanction__isnull', True), _connector='XOR'), name='an_appeal_has_one_subject'), models.UniqueConstraint(fields=('comment', 'decision'), name='one_appeal_per_decision_on_comment'), models.UniqueConstraint(fields=('sanction',), name='one_appeal_per_sanction')],
            },
        ),
        migrations.AddIndex(
            model_name='blockrequest',
            index=models.Index(condition=models.Q(('state', 'blocked')), fields=['blocked_until'], name='blocks_by_end'),
        ),
        migrations.AddIndex(
            model_name='blockrequest',
            index=models.Index(condition=models.Q(('state', 'open')), fields=['id'], name='block_requests_open'),
        ),
        migrations.AddConstraint(
            model_name='blockrequest',
            constraint=models.UniqueConstraint(condition=models.Q(('state', 'blocked')), fields=('comment',), name='one_block_of_a_comment_at_once'),
        ),
        migrations.AddConstraint(
            model_name='blockrequest',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'blocked'), _negated=True), ('blocked_until__isnull', False), _connector='OR'), name='a_block_has_an_end'),
        ),
        migrations.AddIndex(
            model_name='blocknotice',
            index=models.Index(condition=models.Q(('mailed_at__isnull', True)), fields=['id'], name='block_notices_to_mail'),
        ),
    ]
