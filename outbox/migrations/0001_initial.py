import django.db.models.deletion
import uuid
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='Event',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('uid', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('name', models.CharField(max_length=60, verbose_name='event')),
                ('key', models.CharField(max_length=160, verbose_name='of')),
                ('data', models.JSONField(default=dict, verbose_name='data')),
                ('at', models.DateTimeField(auto_now_add=True, verbose_name='at')),
                ('fanned_out_at', models.DateTimeField(editable=False, null=True, verbose_name='fanned out at')),
            ],
            options={
                'verbose_name': 'event',
                'verbose_name_plural': 'events',
                'ordering': ['pk'],
                'indexes': [models.Index(fields=['key', 'id'], name='events_of_one_key_in_order'), models.Index(condition=models.Q(('fanned_out_at__isnull', True)), fields=['id'], name='events_unaddressed')],
            },
        ),
        migrations.CreateModel(
            name='Subscriber',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=80, unique=True, verbose_name='name')),
                ('kind', models.CharField(choices=[('webhook', 'webhook (Standard Webhooks)'), ('purge_http', 'cache: PURGE by address (nginx, Varnish)'), ('purge_fastly', 'cache: Fastly by key'), ('purge_cloudflare', 'cache: Cloudflare'), ('websub', 'WebSub hub'), ('indexnow', 'search engines: IndexNow')], default='webhook', max_length=20, verbose_name='kind')),
                ('url', models.CharField(max_length=500, verbose_name='address')),
                ('events', models.JSONField(default=list, verbose_name='events')),
                ('secrets', models.JSONField(default=list, editable=False)),
                ('options', models.JSONField(blank=True, default=dict, verbose_name='settings')),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='since')),
                ('changed_at', models.DateTimeField(auto_now=True, verbose_name='last changed')),
                ('changed_by', models.CharField(blank=True, max_length=254, verbose_name='changed by')),
                ('disabled_at', models.DateTimeField(null=True, verbose_name='off since')),
                ('disabled_reason', models.CharField(blank=True, max_length=200, verbose_name='why it is off')),
                ('failing_since', models.DateTimeField(null=True, verbose_name='failing since')),
                ('failures', models.PositiveIntegerField(default=0, verbose_name='failures in a row')),
                ('paused_until', models.DateTimeField(null=True, verbose_name='paused until')),
                ('notified_at', models.DateTimeField(editable=False, null=True)),
                ('lease_token', models.UUIDField(editable=False, null=True)),
                ('leased_until', models.DateTimeField(editable=False, null=True)),
            ],
            options={
                'verbose_name': 'subscriber',
                'verbose_name_plural': 'subscribers',
                'ordering': ['name'],
                'constraints': [models.CheckConstraint(condition=models.Q(('disabled_at__isnull', True), models.Q(('disabled_reason', ''), _negated=True), _connector='OR'), name='a_subscriber_is_off_for_a_reason'), models.CheckConstraint(condition=models.Q(models.Q(('lease_token__isnull', True), ('leased_until__isnull', True)), models.Q(('lease_token__isnull', False), ('leased_until__isnull', False)), _connector='OR'), name='who_is_on_the_way_has_a_time')],
            },
        ),
        migrations.CreateModel(
            name='Delivery',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(max_length=160, verbose_name='of')),
                ('state', models.CharField(choices=[('waiting', 'waiting to be delivered'), ('done', 'delivered'), ('dead', 'given up')], default='waiting', max_length=8, verbose_name='state')),
                ('attempt_count', models.PositiveIntegerField(default=0, verbose_name='attempts')),
                ('next_attempt_at', models.DateTimeField(verbose_name='next attempt')),
                ('settled_at', models.DateTimeField(null=True, verbose_name='settled')),
                ('is_repeat', models.BooleanField(db_default=False, default=False, editable=False)),
                ('dismissed_at', models.DateTimeField(editable=False, null=True, verbose_name='put aside')),
                ('event', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='deliveries', to='outbox.event', verbose_name='event')),
                ('subscriber', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='deliveries', to='outbox.subscriber', verbose_name='subscriber')),
            ],
            options={
                'verbose_name': 'delivery',
                'verbose_name_plural': 'deliveries',
                'ordering': ['-event', 'subscriber'],
                'indexes': [models.Index(condition=models.Q(('state', 'waiting')), fields=['subscriber', 'next_attempt_at', 'event'], name='deliveries_due'), models.Index(condition=models.Q(('state', 'waiting')), fields=['subscriber', 'key', 'event'], name='deliveries_in_line')],
                'constraints': [models.UniqueConstraint(fields=('event', 'subscriber'), name='one_delivery_per_event_and_subscriber'), models.CheckConstraint(condition=models.Q(models.Q(('settled_at__isnull', True), ('state', 'waiting')), models.Q(models.Q(('state', 'waiting'), _negated=True), ('settled_at__isnull', False)), _connector='OR'), name='a_delivery_waits_until_it_is_settled'), models.CheckConstraint(condition=models.Q(('dismissed_at__isnull', True), ('state', 'dead'), _connector='OR'), name='only_what_was_given_up_is_put_aside')],
            },
        ),
        migrations.CreateModel(
            name='Attempt',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField(verbose_name='at')),
                ('duration_ms', models.PositiveIntegerField(verbose_name='milliseconds')),
                ('status', models.PositiveSmallIntegerField(null=True, verbose_name='status')),
                ('excerpt', models.CharField(blank=True, max_length=500, verbose_name='beginning of the answer')),
                ('error', models.CharField(blank=True, max_length=300, verbose_name='error')),
                ('delivery', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='attempts', to='outbox.delivery', verbose_name='delivery')),
            ],
            options={
                'verbose_name': 'attempt',
                'verbose_name_plural': 'attempts',
                'ordering': ['-pk'],
                'constraints': [models.CheckConstraint(condition=models.Q(('status__isnull', False), models.Q(('error', ''), _negated=True), _connector='OR'), name='an_attempt_has_an_answer_or_an_error')],
            },
        ),
    ]
