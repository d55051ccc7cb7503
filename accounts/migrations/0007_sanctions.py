"""Sanctions with a history and kinds; the suspensions that are in force get their row of it."""

from typing import Any

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from django.utils import timezone


def record_running_suspensions(apps: Any, _schema_editor: Any) -> None:
    """A row for each suspension in force; past ones stay in the audit log alone."""
    users = apps.get_model("accounts", "User").objects
    sanctions = apps.get_model("accounts", "Sanction").objects
    now = timezone.now()
    running = users.filter(suspended_until__gt=now).order_by("pk")
    for pk, until, reason in running.values_list("pk", "suspended_until", "suspension_reason"):
        sanctions.create(user_id=pk, kind="ban", reason=reason, starts_at=now, until=until)


class Migration(migrations.Migration):

    dependencies = [
        ("accounts", "0006_ignored_consents_closing"),
    ]

    operations = [
        migrations.AddField(
            model_name='retainedsanction',
            name='kind',
            field=models.CharField(choices=[('warn', 'warning'), ('hold', 'all comments wait for a moderator'), ('mute', 'no comments'), ('ban', 'suspended')], default='ban', max_length=4),
        ),
        migrations.AddField(
            model_name='user',
            name='suspension_kind',
            field=models.CharField(choices=[('warn', 'warning'), ('hold', 'all comments wait for a moderator'), ('mute', 'no comments'), ('ban', 'suspended')], default='ban', editable=False, max_length=4),
        ),
        migrations.CreateModel(
            name='Sanction',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('warn', 'warning'), ('hold', 'all comments wait for a moderator'), ('mute', 'no comments'), ('ban', 'suspended')], max_length=4, verbose_name='kind')),
                ('reason_code', models.CharField(choices=[('spam', 'spam or flooding'), ('abuse', 'abuse of others'), ('hate', 'hate against a group'), ('obscene', 'obscene content'), ('personal_data', 'personal data of others'), ('falsehood', 'falsehoods'), ('impersonation', 'posing as somebody else'), ('evasion', 'evasion of a sanction'), ('manipulation', 'manipulation of votes or reactions'), ('other', 'another breach of the house rules')], default='other', max_length=13, verbose_name='rule')),
                ('reason', models.CharField(blank=True, max_length=200, verbose_name='reason')),
                ('starts_at', models.DateTimeField(verbose_name='from')),
                ('until', models.DateTimeField(null=True, verbose_name='until')),
                ('lifted_at', models.DateTimeField(editable=False, null=True, verbose_name='lifted')),
                ('imposed_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('lifted_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('replaced_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='accounts.sanction')),
                ('user', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='sanctions', to=settings.AUTH_USER_MODEL, verbose_name='person')),
            ],
            options={
                'verbose_name': 'sanction',
                'verbose_name_plural': 'sanctions',
                'indexes': [models.Index(fields=['user', '-id'], name='sanctions_of_a_reader')],
                'constraints': [models.CheckConstraint(condition=models.Q(('kind', 'warn'), ('until__isnull', False), _connector='OR'), name='a_restriction_has_an_end'), models.CheckConstraint(condition=models.Q(('kind__in', ['warn', 'hold', 'mute', 'ban'])), name='a_sanction_is_of_a_known_kind')],
            },
        ),
        migrations.RunPython(record_running_suspensions, migrations.RunPython.noop),
    ]
