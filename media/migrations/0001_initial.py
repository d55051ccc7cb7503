import django.core.validators
import django.db.models.deletion
import media.models
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('accounts', '__first__'),
    ]

    operations = [
        migrations.CreateModel(
            name='Photo',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(default=media.models.new_key, editable=False, max_length=24, unique=True)),
                ('title', models.CharField(editable=False, max_length=200, verbose_name='file name')),
                ('alt', models.CharField(help_text='What is to be seen, for people who cannot see it.', max_length=250, verbose_name='alternative text')),
                ('caption', models.CharField(blank=True, max_length=300, verbose_name='caption')),
                ('credit', models.CharField(blank=True, max_length=120, verbose_name='credit')),
                ('focal_x', models.FloatField(default=0.5, validators=[django.core.validators.MinValueValidator(0), django.core.validators.MaxValueValidator(1)], verbose_name='focus, from the left')),
                ('focal_y', models.FloatField(default=0.5, validators=[django.core.validators.MinValueValidator(0), django.core.validators.MaxValueValidator(1)], verbose_name='focus, from the top')),
                ('width', models.PositiveIntegerField(editable=False, verbose_name='width')),
                ('height', models.PositiveIntegerField(editable=False, verbose_name='height')),
                ('placeholder', models.TextField(blank=True, editable=False)),
                ('sources', models.JSONField(default=list, editable=False)),
                ('digest', models.CharField(db_index=True, editable=False, max_length=64)),
                ('state', models.CharField(choices=[('processing', 'being processed'), ('ready', 'ready'), ('failed', 'could not be read')], default='ready', editable=False, max_length=10, verbose_name='state')),
                ('failure', models.CharField(blank=True, editable=False, max_length=40)),
                ('version', models.PositiveIntegerField(default=1, editable=False)),
                ('public', models.BooleanField(default=False, editable=False, verbose_name='public')),
                ('uploaded_at', models.DateTimeField(auto_now_add=True, verbose_name='uploaded')),
                ('uploaded_by', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='uploaded by')),
            ],
            options={
                'verbose_name': 'photo',
                'verbose_name_plural': 'photos',
                'ordering': ['-uploaded_at', '-pk'],
                'indexes': [models.Index(condition=models.Q(('state', 'ready'), _negated=True), fields=['state'], name='photos_unready')],
            },
        ),
        migrations.CreateModel(
            name='PendingUpload',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('original', models.CharField(max_length=200)),
                ('next_attempt_at', models.DateTimeField(db_index=True)),
                ('attempts', models.PositiveSmallIntegerField(default=0)),
                ('photo', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='media.photo')),
            ],
            options={
                'verbose_name': 'pending upload',
                'verbose_name_plural': 'pending uploads',
            },
        ),
    ]
