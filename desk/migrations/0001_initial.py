import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('accounts', '__first__'),
        ("articles", "0001_initial"),
        ('media', '0001_initial'),
        ('polls', '0001_initial'),
        ("wire", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name='Heartbeat',
            fields=[
                ('name', models.CharField(max_length=40, primary_key=True, serialize=False)),
                ('at', models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name='Bundle',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('title', models.CharField(max_length=120, verbose_name='title')),
                ('due_at', models.DateTimeField(verbose_name='publication time')),
                ('planned_at', models.DateTimeField(auto_now_add=True, verbose_name='scheduled')),
                ('version', models.PositiveIntegerField(default=1, editable=False)),
                ('planned_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='scheduled by')),
            ],
            options={
                'verbose_name': 'bundle',
                'verbose_name_plural': 'bundles',
                'ordering': ['-due_at', '-pk'],
            },
        ),
        migrations.CreateModel(
            name='Draft',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('headline', models.CharField(blank=True, max_length=200, verbose_name='headline')),
                ('deck', models.CharField(blank=True, max_length=300, verbose_name='deck')),
                ('summary_1', models.CharField(blank=True, max_length=120, verbose_name='summary, first line')),
                ('summary_2', models.CharField(blank=True, max_length=120, verbose_name='summary, second line')),
                ('summary_3', models.CharField(blank=True, max_length=120, verbose_name='summary, third line')),
                ('body', models.TextField(blank=True, verbose_name='body')),
                ('slug', models.SlugField(allow_unicode=True, blank=True, max_length=120, verbose_name='address')),
                ('lead_photo_text', models.JSONField(default=dict, editable=False, verbose_name='text of the lead photo')),
                ('source_name', models.CharField(blank=True, max_length=120, verbose_name='source')),
                ('source_url', models.URLField(blank=True, max_length=500, verbose_name='address of the source')),
                ('source_credit', models.CharField(blank=True, max_length=200, verbose_name='credit of the source')),
                ('ai_kind', models.CharField(blank=True, choices=[('assisted', 'made with the help of AI'), ('generated', 'made by AI'), ('summary', 'the summary is made by AI')], max_length=20, verbose_name='use of AI')),
                ('ai_note', models.CharField(blank=True, max_length=300, verbose_name='note on the use of AI')),
                ('comments_mode', models.CharField(choices=[('open', 'open'), ('hold', 'held until a moderator has seen them'), ('closed', 'closed')], default='open', max_length=6, verbose_name='comments')),
                ('notes', models.TextField(blank=True, verbose_name='notes for the desk')),
                ('embargo_until', models.DateTimeField(blank=True, null=True, verbose_name='embargo until')),
                ('expires_at', models.DateTimeField(blank=True, null=True, verbose_name='comes down')),
                ('field_setters', models.JSONField(default=dict, editable=False)),
                ('stage', models.CharField(choices=[('writing', 'being written'), ('submitted', 'submitted'), ('approved', 'approved')], default='writing', editable=False, max_length=10, verbose_name='stage')),
                ('version', models.PositiveIntegerField(default=1, editable=False)),
                ('approved_photo_text', models.JSONField(editable=False, null=True)),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='started')),
                ('changed_at', models.DateTimeField(auto_now=True, verbose_name='changed')),
                ('trashed_at', models.DateTimeField(editable=False, null=True, verbose_name='trashed')),
                ('form_token', models.UUIDField(editable=False, null=True)),
                ('approved_by', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('article', models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='articles.article')),
                ('changed_by', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('created_by', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('lead_photo', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='media.photo', verbose_name='lead photo')),
                ('poll', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='polls.poll', verbose_name='poll')),
                ('section', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='articles.section', verbose_name='section')),
                ('wire_version', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='wire.version')),
            ],
            options={
                'verbose_name': 'story',
                'verbose_name_plural': 'stories',
                'ordering': ['-changed_at', '-pk'],
                'permissions': [('approve_draft', 'Can approve stories and send them back'), ('publish_draft', 'Can publish, schedule and swap stories'), ('withdraw_draft', 'Can withdraw articles'), ('restore_draft', 'Can restore withdrawn articles')],
                'indexes': [models.Index(fields=['-changed_at', '-id'], name='drafts_newest_change')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('form_token__isnull', False)), fields=('created_by', 'form_token'), name='one_draft_per_person_and_form')],
            },
        ),
        migrations.CreateModel(
            name='DraftAuthor',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('position', models.PositiveSmallIntegerField(default=0)),
                ('author', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='articles.author', verbose_name='author')),
                ('draft', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='desk.draft')),
            ],
            options={
                'verbose_name': 'author',
                'verbose_name_plural': 'authors',
                'ordering': ['position', 'pk'],
                'abstract': False,
                'constraints': [models.UniqueConstraint(fields=('draft', 'author'), name='an_author_once_per_draft')],
            },
        ),
        migrations.CreateModel(
            name='DraftPick',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('position', models.PositiveSmallIntegerField(default=0)),
                ('article', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='articles.article', verbose_name='article')),
                ('draft', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='desk.draft')),
            ],
            options={
                'verbose_name': 'related article',
                'verbose_name_plural': 'related articles',
                'ordering': ['position', 'pk'],
                'abstract': False,
                'constraints': [models.UniqueConstraint(fields=('draft', 'article'), name='a_pick_once_per_draft')],
            },
        ),
        migrations.CreateModel(
            name='DraftTag',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('position', models.PositiveSmallIntegerField(default=0)),
                ('draft', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='desk.draft')),
                ('tag', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='articles.tag', verbose_name='tag')),
            ],
            options={
                'ordering': ['position', 'pk'],
                'abstract': False,
                'constraints': [models.UniqueConstraint(fields=('draft', 'tag'), name='a_tag_once_per_draft')],
            },
        ),
        migrations.CreateModel(
            name='Notice',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('what', models.CharField(choices=[('release_failed', 'did not go out'), ('release_late', 'went out after all'), ('release_missed', 'does not go out any more'), ('subscriber_failing', 'is not reached'), ('subscriber_off', 'has switched itself off')], max_length=20, verbose_name='what happened')),
                ('kind', models.CharField(max_length=60)),
                ('subject', models.BigIntegerField()),
                ('label', models.CharField(max_length=250, verbose_name='of')),
                ('reason', models.TextField(blank=True, verbose_name='reason')),
                ('at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='at')),
                ('over_at', models.DateTimeField(null=True, verbose_name='resolved')),
                ('seen_at', models.DateTimeField(null=True, verbose_name='seen')),
                ('mail_at', models.DateTimeField(default=django.utils.timezone.now, null=True, verbose_name='next e-mail')),
                ('mailed_at', models.DateTimeField(null=True, verbose_name='mailed')),
                ('attempts', models.PositiveIntegerField(default=0, verbose_name='e-mail attempts')),
                ('mail_error', models.CharField(blank=True, max_length=300, verbose_name='e-mail error')),
                ('person', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='person')),
            ],
            options={
                'verbose_name': 'notice to me',
                'verbose_name_plural': 'notices to me',
                'ordering': ['-pk'],
                'default_permissions': (),
                'indexes': [models.Index(fields=['person', '-id'], name='notices_of_a_person'), models.Index(condition=models.Q(('mail_at__isnull', False)), fields=['mail_at'], name='notices_to_mail'), models.Index(condition=models.Q(('over_at__isnull', True)), fields=['what', 'subject'], name='notices_that_stand')],
                'constraints': [models.CheckConstraint(condition=models.Q(('mailed_at__isnull', True), ('mail_at__isnull', True), _connector='OR'), name='a_notice_is_mailed_once')],
            },
        ),
        migrations.CreateModel(
            name='Preview',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('digest', models.CharField(editable=False, max_length=64, unique=True)),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='made')),
                ('expires_at', models.DateTimeField(verbose_name='expires')),
                ('revoked_at', models.DateTimeField(editable=False, null=True, verbose_name='revoked')),
                ('created_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='created by')),
                ('draft', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='desk.draft', verbose_name='story')),
            ],
            options={
                'verbose_name': 'preview link',
                'verbose_name_plural': 'preview links',
                'ordering': ['-pk'],
            },
        ),
        migrations.CreateModel(
            name='Release',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('due_at', models.DateTimeField(verbose_name='publication time')),
                ('state', models.CharField(choices=[('pending', 'waiting'), ('done', 'published'), ('cancelled', 'cancelled'), ('overtaken', 'overtaken by a newer edition'), ('failed', 'failed, will be tried again')], default='pending', max_length=10, verbose_name='state')),
                ('reason', models.TextField(blank=True, verbose_name='reason')),
                ('attempts', models.PositiveIntegerField(default=0, verbose_name='attempts')),
                ('retry_at', models.DateTimeField(null=True, verbose_name='next attempt')),
                ('planned_at', models.DateTimeField(auto_now_add=True, verbose_name='scheduled')),
                ('settled_at', models.DateTimeField(null=True, verbose_name='settled')),
                ('approved_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='approved by')),
                ('article', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='articles.article', verbose_name='article')),
                ('bundle', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='releases', to='desk.bundle', verbose_name='bundle')),
                ('edition', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='articles.edition', verbose_name='edition')),
                ('planned_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='scheduled by')),
            ],
            options={
                'verbose_name': 'release',
                'verbose_name_plural': 'releases',
                'indexes': [models.Index(condition=models.Q(('state__in', ('pending', 'failed'))), fields=['due_at'], name='release_due'), models.Index(fields=['article', 'state'], name='releases_of_an_article')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('state__in', ('pending', 'failed'))), fields=('article',), name='one_waiting_release_per_article'), models.CheckConstraint(condition=models.Q(models.Q(('settled_at__isnull', True), ('state__in', ('pending', 'failed'))), models.Q(models.Q(('state__in', ('pending', 'failed')), _negated=True), ('settled_at__isnull', False)), _connector='OR'), name='settled_means_has_a_time')],
            },
        ),
        migrations.AddField(
            model_name='draft',
            name='authors',
            field=models.ManyToManyField(related_name='+', through='desk.DraftAuthor', to='articles.author', verbose_name='authors'),
        ),
        migrations.AddField(
            model_name='draft',
            name='related',
            field=models.ManyToManyField(related_name='+', through='desk.DraftPick', to='articles.article', verbose_name='related articles'),
        ),
        migrations.AddField(
            model_name='draft',
            name='tags',
            field=models.ManyToManyField(related_name='+', through='desk.DraftTag', to='articles.tag', verbose_name='tags'),
        ),
    ]
