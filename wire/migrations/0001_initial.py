import django.core.validators
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='Source',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('slug', models.SlugField(help_text='Part of the delivery address: /api/v1/wire/…/', unique=True, verbose_name='short name')),
                ('name', models.CharField(max_length=80, verbose_name='name')),
                ('agency', models.CharField(help_text='Stands on a story whose text names no agency.', max_length=80, verbose_name='agency')),
                ('parser', models.CharField(choices=[('yonhap', 'Yonhap plain text')], default='yonhap', max_length=20, verbose_name='form of the text')),
                ('active', models.BooleanField(default=True, help_text='Switched off, deliveries are refused.', verbose_name='takes deliveries')),
                ('charset', models.CharField(blank=True, help_text='Used where a delivery declares none; empty tries UTF-8, then CP949.', max_length=20, verbose_name='encoding')),
                ('rights', models.TextField(blank=True, help_text='Used where a story carries none.', verbose_name='rights line')),
                ('ai_use_prohibited', models.BooleanField(default=False, help_text='Holds for every story of this source, also where the text does not say so.', verbose_name='AI use prohibited')),
                ('idle_after', models.PositiveIntegerField(blank=True, help_text='Nothing for longer than this, and we say so. Empty: no alarm.', null=True, validators=[django.core.validators.MinValueValidator(1)], verbose_name='idle alarm after (minutes)')),
                ('quiet_from', models.TimeField(blank=True, help_text='No alarm between these hours.', null=True, verbose_name='quiet from')),
                ('quiet_until', models.TimeField(blank=True, null=True, verbose_name='quiet until')),
            ],
            options={
                'verbose_name': 'wire source',
                'verbose_name_plural': 'wire sources',
                'ordering': ['slug'],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('quiet_from__isnull', True), ('quiet_until__isnull', True)), models.Q(('quiet_from__isnull', False), ('quiet_until__isnull', False), models.Q(('quiet_from', models.F('quiet_until')), _negated=True)), _connector='OR'), name='quiet_hours_begin_and_end', violation_error_message='Quiet hours need a beginning and another end.')],
            },
        ),
        migrations.CreateModel(
            name='Delivery',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('raw', models.BinaryField(verbose_name='as delivered')),
                ('sha256', models.CharField(max_length=64, verbose_name='SHA-256')),
                ('size', models.PositiveIntegerField(verbose_name='bytes')),
                ('name', models.CharField(blank=True, max_length=200, verbose_name='came as')),
                ('content_type', models.CharField(blank=True, max_length=200, verbose_name='content type')),
                ('received_at', models.DateTimeField(auto_now_add=True, verbose_name='received at')),
                ('status', models.CharField(choices=[('received', 'received'), ('parsed', 'parsed'), ('failed', 'failed'), ('duplicate', 'known already')], default='received', max_length=10, verbose_name='outcome')),
                ('reason', models.CharField(blank=True, max_length=300, verbose_name='reason')),
                ('encoding', models.CharField(blank=True, max_length=20, verbose_name='read as')),
                ('source', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='deliveries', to='wire.source', verbose_name='wire source')),
            ],
            options={
                'verbose_name': 'wire delivery',
                'verbose_name_plural': 'wire deliveries',
                'ordering': ['-received_at', '-pk'],
                'indexes': [models.Index(condition=models.Q(('status', 'received')), fields=['received_at'], name='deliveries_waiting'), models.Index(fields=['-received_at', '-id'], name='deliveries_newest_first'), models.Index(fields=['source', '-received_at'], name='deliveries_of_a_source')],
            },
        ),
        migrations.CreateModel(
            name='Story',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(editable=False, max_length=64, verbose_name='story key')),
                ('weak_key', models.BooleanField(default=True, verbose_name='recognised by headline and day')),
                ('status', models.CharField(choices=[('usable', 'usable'), ('withheld', 'waiting for a decision'), ('cancelled', 'cancelled by the agency')], default='usable', max_length=10, verbose_name='state')),
                ('news_at', models.DateTimeField(verbose_name='sent by the agency at')),
                ('vouched', models.BooleanField(default=False, editable=False)),
                ('embargo', models.CharField(choices=[('none', 'no embargo'), ('until', 'embargo'), ('open', 'embargo, end unknown'), ('lifted', 'embargo lifted')], default='none', max_length=6, verbose_name='embargo')),
                ('embargo_until', models.DateTimeField(null=True, verbose_name='embargo until')),
                ('embargo_text', models.TextField(blank=True, verbose_name='words of the embargo')),
                ('embargo_changed_at', models.DateTimeField(editable=False, null=True)),
                ('source', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='stories', to='wire.source', verbose_name='wire source')),
            ],
            options={
                'verbose_name': 'wire story',
                'verbose_name_plural': 'wire inbox',
                'ordering': ['-news_at', '-pk'],
                'indexes': [models.Index(fields=['-news_at', '-id'], name='stories_newest_first')],
                'constraints': [models.UniqueConstraint(fields=('source', 'key'), name='one_story_per_source_and_key'), models.CheckConstraint(condition=models.Q(models.Q(('embargo', 'until'), ('embargo_until__isnull', False)), models.Q(models.Q(('embargo', 'until'), _negated=True), ('embargo_until__isnull', True)), _connector='OR'), name='a_storys_embargo_has_its_end')],
            },
        ),
        migrations.CreateModel(
            name='Version',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveIntegerField(verbose_name='version number')),
                ('signal', models.CharField(choices=[('text', 'wire story'), ('correction', 'correction of a story'), ('cancellation', 'cancellation')], default='text', max_length=12, verbose_name='kind')),
                ('mark_order', models.PositiveSmallIntegerField(verbose_name='order by mark')),
                ('reading', models.PositiveSmallIntegerField(default=1, verbose_name='reading of the delivery')),
                ('silent_change', models.BooleanField(default=False, verbose_name='changed without a mark')),
                ('headline', models.TextField(verbose_name='headline')),
                ('marks', models.JSONField(default=list, verbose_name='marks')),
                ('deck', models.JSONField(default=list, verbose_name='deck')),
                ('agency', models.CharField(max_length=80, verbose_name='agency')),
                ('sent_at', models.DateTimeField(null=True, verbose_name='sent by the agency at')),
                ('stamps', models.JSONField(default=list, verbose_name='time lines')),
                ('places', models.JSONField(default=list, verbose_name='places')),
                ('dateline_agency', models.CharField(blank=True, max_length=80, verbose_name='agency in the dateline')),
                ('bylines', models.JSONField(default=list, verbose_name='bylines')),
                ('contacts', models.JSONField(default=list, verbose_name="reporters' addresses")),
                ('paragraphs', models.JSONField(default=list, verbose_name='paragraphs')),
                ('captions', models.JSONField(default=list, verbose_name='captions')),
                ('rights', models.TextField(blank=True, verbose_name='rights')),
                ('ai_use_prohibited', models.BooleanField(default=False, verbose_name='AI use prohibited')),
                ('resale_prohibited', models.BooleanField(default=False, verbose_name='resale prohibited')),
                ('notes', models.JSONField(default=list, verbose_name='notes to editors')),
                ('boilerplate_lines', models.JSONField(default=list, verbose_name='dropped lines')),
                ('warnings', models.JSONField(default=list, verbose_name='warnings')),
                ('embargo', models.CharField(choices=[('none', 'no embargo'), ('until', 'embargo'), ('open', 'embargo, end unknown'), ('lifted', 'embargo lifted')], default='none', max_length=6, verbose_name='embargo')),
                ('embargo_until', models.DateTimeField(null=True, verbose_name='embargo until')),
                ('embargo_text', models.TextField(blank=True, verbose_name='words of the embargo')),
                ('content_hash', models.CharField(editable=False, max_length=64)),
                ('delivery', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='versions', to='wire.delivery', verbose_name='wire delivery')),
                ('story', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='versions', to='wire.story', verbose_name='wire story')),
            ],
            options={
                'verbose_name': 'wire version',
                'verbose_name_plural': 'wire versions',
                'ordering': ['story', 'number'],
                'constraints': [models.UniqueConstraint(fields=('story', 'number'), name='one_version_per_number'), models.UniqueConstraint(fields=('story', 'content_hash'), name='one_version_per_text'), models.CheckConstraint(condition=models.Q(models.Q(('embargo', 'until'), ('embargo_until__isnull', False)), models.Q(models.Q(('embargo', 'until'), _negated=True), ('embargo_until__isnull', True)), _connector='OR'), name='a_read_embargo_has_its_end')],
            },
        ),
        migrations.AddField(
            model_name='story',
            name='current',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='wire.version', verbose_name='current version'),
        ),
        migrations.AddField(
            model_name='story',
            name='embargo_decided',
            field=models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='wire.version'),
        ),
        migrations.AddField(
            model_name='story',
            name='overruled',
            field=models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='wire.version'),
        ),
        migrations.AddField(
            model_name='delivery',
            name='version',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='wire.version', verbose_name='version number'),
        ),
        migrations.AddConstraint(
            model_name='delivery',
            constraint=models.CheckConstraint(condition=models.Q(('status__in', ['received', 'failed']), ('version__isnull', False), _connector='OR'), name='a_parsed_delivery_has_its_version'),
        ),
    ]
