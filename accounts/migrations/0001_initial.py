import django.db.models.deletion
import django.db.models.functions.text
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('auth', '0012_alter_user_first_name_max_length'),
    ]

    operations = [
        migrations.CreateModel(
            name='User',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('password', models.CharField(max_length=128, verbose_name='password')),
                ('last_login', models.DateTimeField(blank=True, null=True, verbose_name='last login')),
                ('is_superuser', models.BooleanField(default=False, help_text='Designates that this user has all permissions without explicitly assigning them.', verbose_name='superuser status')),
                ('email', models.EmailField(db_index=True, max_length=254, verbose_name='e-mail')),
                ('holds_email', models.BooleanField(default=True, editable=False, verbose_name='holds the address')),
                ('name', models.CharField(blank=True, help_text='Staff see it.', max_length=60, verbose_name='name')),
                ('nickname', models.CharField(help_text='Readers see it.', max_length=20, verbose_name='nickname')),
                ('nickname_key', models.CharField(editable=False, max_length=60, unique=True)),
                ('is_staff', models.BooleanField(default=False, verbose_name='may enter the admin')),
                ('is_active', models.BooleanField(default=True, verbose_name='may sign in')),
                ('suspended_until', models.DateTimeField(blank=True, null=True, verbose_name='suspended until')),
                ('suspension_reason', models.CharField(blank=True, max_length=200, verbose_name='reason of the suspension')),
                ('date_joined', models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name='joined')),
                ('security_stamp', models.CharField(default='', editable=False, max_length=32)),
                ('groups', models.ManyToManyField(blank=True, help_text='The groups this user belongs to. A user will get all permissions granted to each of their groups.', related_name='user_set', related_query_name='user', to='auth.group', verbose_name='groups')),
                ('user_permissions', models.ManyToManyField(blank=True, help_text='Specific permissions for this user.', related_name='user_set', related_query_name='user', to='auth.permission', verbose_name='user permissions')),
            ],
            options={
                'verbose_name': 'person',
                'verbose_name_plural': 'people',
                'constraints': [models.UniqueConstraint(django.db.models.functions.text.Lower('email'), condition=models.Q(('holds_email', True)), name='one_account_per_address', violation_error_message='Somebody has an account with this address already.')],
            },
        ),
        migrations.CreateModel(
            name='KnownClient',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('digest', models.CharField(max_length=64)),
                ('seen_at', models.DateTimeField()),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='known_clients', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'known client',
                'verbose_name_plural': 'known clients',
                'constraints': [models.UniqueConstraint(fields=('user', 'digest'), name='one_row_per_known_client')],
            },
        ),
        migrations.CreateModel(
            name='SignInAlert',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('digest', models.CharField(editable=False, max_length=64)),
                ('email', models.EmailField(blank=True, max_length=254, verbose_name='e-mail')),
                ('failures', models.PositiveIntegerField(verbose_name='failures')),
                ('at', models.DateTimeField(verbose_name='at')),
                ('mailed_at', models.DateTimeField(null=True, verbose_name='mailed')),
                ('user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, to=settings.AUTH_USER_MODEL, verbose_name='person')),
            ],
            options={
                'verbose_name': 'failed sign-ins',
                'verbose_name_plural': 'failed sign-ins',
                'indexes': [models.Index(fields=['digest', '-at'], name='alerts_of_an_address')],
            },
        ),
        migrations.CreateModel(
            name='Token',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('label', models.CharField(blank=True, max_length=80, verbose_name='label')),
                ('digest', models.CharField(editable=False, max_length=64, unique=True)),
                ('scopes', models.JSONField(default=list, verbose_name='scopes')),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='made')),
                ('expires_at', models.DateTimeField(blank=True, null=True, verbose_name='expires')),
                ('revoked_at', models.DateTimeField(blank=True, editable=False, null=True, verbose_name='revoked')),
                ('security_stamp', models.CharField(default='', editable=False, max_length=32)),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='tokens', to=settings.AUTH_USER_MODEL, verbose_name='person')),
            ],
            options={
                'verbose_name': 'token',
                'verbose_name_plural': 'tokens',
            },
        ),
    ]
