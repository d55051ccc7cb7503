import django.db.models.deletion
import django.db.models.functions.comparison
import django.db.models.functions.datetime
import newsroom.db.expressions
import uuid
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('media', '0001_initial'),
        ('polls', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='Section',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=40, verbose_name='name')),
                ('slug', models.SlugField(allow_unicode=True, max_length=60, unique=True, verbose_name='address')),
                ('position', models.PositiveSmallIntegerField(default=0, verbose_name='position')),
            ],
            options={
                'verbose_name': 'section',
                'verbose_name_plural': 'sections',
                'ordering': ['position', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='Article',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('uid', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('slug', models.SlugField(allow_unicode=True, max_length=120, unique=True, verbose_name='address')),
                ('comments_mode', models.CharField(choices=[('open', 'open'), ('hold', 'held until a moderator has seen them'), ('closed', 'closed')], default='open', editable=False, max_length=6)),
                ('corrections', models.JSONField(default=list, editable=False)),
                ('first_published_at', models.DateTimeField(editable=False, null=True, verbose_name='first published')),
                ('published_at', models.DateTimeField(editable=False, null=True, verbose_name='last published')),
                ('withdrawn_at', models.DateTimeField(editable=False, null=True, verbose_name='withdrawn')),
                ('notice', models.TextField(blank=True, editable=False, verbose_name='notice')),
                ('embargo_until', models.DateTimeField(editable=False, null=True, verbose_name='embargo until')),
                ('expires_at', models.DateTimeField(editable=False, null=True, verbose_name='expiry')),
                ('held_at', models.DateTimeField(editable=False, null=True, verbose_name='on legal hold')),
                ('indexed_edition', models.BigIntegerField(db_default=0, default=0, editable=False)),
                ('change_feed_state', models.BigIntegerField(db_default=0, default=0, editable=False)),
                ('lead_photo', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='media.photo')),
                ('poll', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='polls.poll')),
                ('section', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='articles', to='articles.section')),
            ],
            options={
                'verbose_name': 'article',
                'verbose_name_plural': 'articles',
            },
        ),
        migrations.CreateModel(
            name='Author',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=40, verbose_name='name')),
                ('slug', models.SlugField(allow_unicode=True, max_length=60, unique=True, verbose_name='address')),
                ('role', models.CharField(default='기자', max_length=20, verbose_name='role')),
                ('title', models.CharField(blank=True, max_length=40, verbose_name='job title')),
                ('bio', models.CharField(blank=True, max_length=300, verbose_name='about')),
            ],
            options={
                'verbose_name': 'author',
                'verbose_name_plural': 'authors',
                'ordering': ['name', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='CountedBatch',
            fields=[
                ('uid', models.UUIDField(primary_key=True, serialize=False)),
                ('at', models.DateTimeField(auto_now_add=True)),
            ],
        ),
        migrations.CreateModel(
            name='SitemapMonth',
            fields=[
                ('first_day', models.DateField(primary_key=True, serialize=False)),
                ('stories', models.PositiveIntegerField()),
                ('changed_at', models.DateTimeField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name='SweepCursor',
            fields=[
                ('name', models.CharField(max_length=40, primary_key=True, serialize=False)),
                ('position', models.BigIntegerField(default=0)),
            ],
        ),
        migrations.CreateModel(
            name='SuggestedWord',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('word', models.CharField(max_length=40, unique=True)),
                ('spelling', models.CharField(db_index=True, max_length=400)),
                ('leads', models.CharField(db_index=True, max_length=100)),
                ('stories', models.PositiveIntegerField(default=0)),
            ],
        ),
        migrations.CreateModel(
            name='Tag',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=40, unique=True, verbose_name='name')),
                ('slug', models.SlugField(allow_unicode=True, max_length=60, unique=True, verbose_name='address')),
            ],
            options={
                'verbose_name': 'tag',
                'verbose_name_plural': 'tags',
                'ordering': ['name'],
            },
        ),
        migrations.CreateModel(
            name='ArticleCounts',
            fields=[
                ('article', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='counts', serialize=False, to='articles.article')),
                ('comments', models.PositiveIntegerField(default=0)),
                ('saves', models.PositiveIntegerField(default=0)),
                ('views', models.PositiveBigIntegerField(default=0)),
            ],
            options={
                'verbose_name': 'counts',
                'verbose_name_plural': 'counts',
            },
        ),
        migrations.CreateModel(
            name='Change',
            fields=[
                ('article', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='change', serialize=False, to='articles.article')),
                ('position', models.BigIntegerField(unique=True)),
                ('kind', models.CharField(choices=[('published', 'published'), ('updated', 'updated'), ('corrected', 'corrected'), ('withdrawn', 'withdrawn'), ('expired', 'expired')], max_length=10)),
                ('at', models.DateTimeField()),
            ],
            options={
                'ordering': ['position'],
            },
        ),
        migrations.CreateModel(
            name='SearchRow',
            fields=[
                ('article', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='search_row', serialize=False, to='articles.article')),
                ('edition_id', models.BigIntegerField()),
                ('sort_key', models.BigIntegerField(unique=True)),
                ('text', models.TextField()),
            ],
        ),
        migrations.CreateModel(
            name='Edition',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveIntegerField(verbose_name='edition')),
                ('slug', models.SlugField(allow_unicode=True, max_length=120)),
                ('headline', models.CharField(max_length=200, verbose_name='headline')),
                ('deck', models.CharField(blank=True, max_length=300, verbose_name='deck')),
                ('summary', models.JSONField(verbose_name='summary')),
                ('body', models.TextField(verbose_name='body')),
                ('body_html', models.TextField()),
                ('byline', models.CharField(max_length=300, verbose_name='byline')),
                ('lead_photo_text', models.JSONField(null=True)),
                ('author_ids', models.JSONField(default=list)),
                ('tag_ids', models.JSONField(default=list)),
                ('related_ids', models.JSONField(default=list)),
                ('source_name', models.CharField(blank=True, max_length=120)),
                ('source_url', models.URLField(blank=True, max_length=500)),
                ('source_credit', models.CharField(blank=True, max_length=200)),
                ('ai_kind', models.CharField(blank=True, max_length=20)),
                ('ai_note', models.CharField(blank=True, max_length=300)),
                ('comments_mode', models.CharField(choices=[('open', 'open'), ('hold', 'held until a moderator has seen them'), ('closed', 'closed')], default='open', max_length=6)),
                ('correction_kind', models.CharField(blank=True, max_length=20)),
                ('correction_note', models.TextField(blank=True)),
                ('frozen_at', models.DateTimeField(verbose_name='frozen')),
                ('article', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='articles.article')),
                ('lead_photo', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='media.photo')),
                ('poll', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='polls.poll')),
                ('section', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='articles.section')),
            ],
            options={
                'verbose_name': 'edition',
                'verbose_name_plural': 'editions',
                'indexes': [models.Index(condition=models.Q(('body_html__contains', '/media/photos/')), fields=['article'], name='editions_with_photos')],
                'constraints': [models.UniqueConstraint(fields=('article', 'number'), name='edition_number_once_per_article')],
            },
        ),
        migrations.CreateModel(
            name='FormerSlug',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('slug', models.SlugField(allow_unicode=True, max_length=120, unique=True)),
                ('since', models.DateTimeField(auto_now_add=True)),
                ('article', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='former_slugs', to='articles.article')),
            ],
            options={
                'verbose_name': 'former address',
                'verbose_name_plural': 'former addresses',
            },
        ),
        migrations.CreateModel(
            name='Masthead',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(default='AI PICK', max_length=60, verbose_name='site name')),
                ('greeting', models.CharField(blank=True, max_length=60, verbose_name='greeting')),
                ('description', models.CharField(blank=True, max_length=200, verbose_name='description')),
                ('tip_address', models.EmailField(blank=True, max_length=254, verbose_name='tip address')),
                ('publisher', models.CharField(blank=True, max_length=60, verbose_name='publisher')),
                ('editor', models.CharField(blank=True, max_length=60, verbose_name='editor')),
                ('company', models.CharField(blank=True, max_length=80, verbose_name='company')),
                ('address', models.CharField(blank=True, max_length=160, verbose_name='place of publication')),
                ('phone', models.CharField(blank=True, max_length=30, verbose_name='phone')),
                ('registration_number', models.CharField(blank=True, max_length=40, verbose_name='registration number')),
                ('registered_on', models.DateField(blank=True, null=True, verbose_name='registered on')),
                ('founded_on', models.DateField(blank=True, null=True, verbose_name='first published on')),
                ('youth_officer', models.CharField(blank=True, max_length=60, verbose_name='youth protection officer')),
                ('copyright', models.CharField(blank=True, max_length=200, verbose_name='copyright line')),
            ],
            options={
                'verbose_name': 'masthead',
                'verbose_name_plural': 'masthead',
                'constraints': [models.CheckConstraint(condition=models.Q(('pk', 1)), name='there_is_one_masthead')],
            },
        ),
        migrations.CreateModel(
            name='RecentView',
            fields=[
                ('key', models.CharField(max_length=64, primary_key=True, serialize=False)),
                ('article_id', models.BigIntegerField()),
                ('at', models.DateTimeField(db_index=True)),
                ('waiting', models.PositiveIntegerField()),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('waiting__gt', 0)), fields=['key'], name='readings_not_counted')],
            },
        ),
        migrations.CreateModel(
            name='SuggestedBy',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('article', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='suggests', to='articles.article')),
                ('word', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='suggested_by', to='articles.suggestedword')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('article', 'word'), name='a_story_suggests_a_word_once')],
            },
        ),
        migrations.CreateModel(
            name='Tagging',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('position', models.PositiveSmallIntegerField()),
                ('first_published_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('article', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='taggings', to='articles.article')),
                ('tag', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='taggings', to='articles.tag')),
            ],
            options={
                'ordering': ['position'],
                'abstract': False,
                'indexes': [models.Index(fields=['tag', '-first_published_at', '-article'], name='newest_of_a_tag')],
                'constraints': [models.UniqueConstraint(fields=('article', 'tag'), name='a_tag_stands_once')],
            },
        ),
        migrations.CreateModel(
            name='Byline',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('position', models.PositiveSmallIntegerField()),
                ('first_published_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('article', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='bylines', to='articles.article')),
                ('author', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='bylines', to='articles.author')),
            ],
            options={
                'ordering': ['position'],
                'abstract': False,
                'indexes': [models.Index(fields=['author', '-first_published_at', '-article'], name='newest_of_an_author')],
                'constraints': [models.UniqueConstraint(fields=('article', 'author'), name='an_author_signs_once')],
            },
        ),
        migrations.CreateModel(
            name='Appearance',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('published_at', models.DateTimeField()),
                ('article', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='appearances', to='articles.article')),
                ('edition', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='articles.edition')),
            ],
            options={
                'ordering': ['-pk'],
                'constraints': [models.UniqueConstraint(fields=('edition',), name='an_edition_appears_once')],
            },
        ),
        migrations.CreateModel(
            name='RelatedArticle',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('score', models.PositiveIntegerField()),
                ('article', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.CASCADE, related_name='related_articles', to='articles.article')),
                ('related', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.CASCADE, related_name='related_from', to='articles.article')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('article', 'related'), name='a_related_article_stands_once')],
            },
        ),
        migrations.CreateModel(
            name='PhotoUse',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('article', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='articles.article')),
                ('photo', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='uses', to='media.photo')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('article', 'photo'), name='a_photo_use_stands_once')],
            },
        ),
        migrations.CreateModel(
            name='Pick',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('position', models.PositiveSmallIntegerField()),
                ('article', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='picks', to='articles.article')),
                ('related', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.CASCADE, related_name='picked_by', to='articles.article')),
            ],
            options={
                'ordering': ['position'],
                'abstract': False,
                'constraints': [models.UniqueConstraint(fields=('article', 'related'), name='a_pick_stands_once')],
            },
        ),
        migrations.CreateModel(
            name='PopularityRank',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('window', models.CharField(max_length=4)),
                ('views', models.PositiveBigIntegerField()),
                ('article', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.CASCADE, related_name='popularity_ranks', to='articles.article')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('window', 'article'), name='a_story_is_ranked_once_a_window')],
            },
        ),
        migrations.CreateModel(
            name='HourlyViews',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('hour', models.DateTimeField()),
                ('views', models.PositiveBigIntegerField()),
                ('article', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.CASCADE, related_name='hourly_views', to='articles.article')),
            ],
            options={
                'indexes': [models.Index(fields=['hour', 'article', 'views'], name='read_in_these_hours')],
                'constraints': [models.UniqueConstraint(fields=('article', 'hour'), name='an_hour_is_counted_once')],
            },
        ),
        migrations.CreateModel(
            name='FeedChange',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('first_published_at', models.DateTimeField()),
                ('at', models.DateTimeField()),
                ('settled_at', models.DateTimeField(null=True)),
                ('section', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='articles.section')),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('settled_at__isnull', True)), fields=['id'], name='feed_not_settled')],
            },
        ),
        migrations.AddField(
            model_name='article',
            name='live',
            field=models.OneToOneField(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='articles.edition'),
        ),
        migrations.AddIndex(
            model_name='article',
            index=models.Index(condition=models.Q(('live__isnull', False)), fields=['-first_published_at', '-id'], name='live_newest'),
        ),
        migrations.AddIndex(
            model_name='article',
            index=models.Index(condition=models.Q(('live__isnull', False)), fields=['section', '-first_published_at', '-id'], name='live_by_section'),
        ),
        migrations.AddIndex(
            model_name='article',
            index=models.Index(condition=models.Q(('expires_at__isnull', False), ('live__isnull', False)), fields=['expires_at'], name='live_until'),
        ),
        migrations.AddIndex(
            model_name='article',
            index=models.Index(condition=models.Q(('indexed_edition', django.db.models.functions.comparison.Coalesce(models.F('live_id'), newsroom.db.expressions.IntegerLiteral(0))), _negated=True), fields=['id'], name='not_indexed_yet'),
        ),
        migrations.AddIndex(
            model_name='article',
            index=models.Index(condition=models.Q(('change_feed_state', models.Case(models.When(live__isnull=False, then=models.F('live_id')), models.When(then=newsroom.db.expressions.IntegerLiteral(-1), withdrawn_at__isnull=False), default=newsroom.db.expressions.IntegerLiteral(0))), _negated=True), fields=['id'], name='not_in_change_feed_yet'),
        ),
        migrations.AddConstraint(
            model_name='article',
            constraint=models.CheckConstraint(condition=models.Q(('live__isnull', True), ('withdrawn_at__isnull', True), _connector='OR'), name='withdrawn_is_not_live'),
        ),
        migrations.AddConstraint(
            model_name='article',
            constraint=models.CheckConstraint(condition=models.Q(('live__isnull', True), models.Q(('first_published_at__isnull', False), ('published_at__isnull', False)), _connector='OR'), name='live_has_its_times'),
        ),
        migrations.AddConstraint(
            model_name='article',
            constraint=models.CheckConstraint(condition=models.Q(('live__isnull', True), ('embargo_until__isnull', True), ('published_at__gte', models.F('embargo_until')), _connector='OR'), name='live_is_past_its_embargo'),
        ),
    ]
