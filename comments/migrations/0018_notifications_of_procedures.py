"""Notifications of sanctions by their rows, of appeals and of blocks; messages in English too."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0007_sanctions'),
        ('comments', '0017_surge_alerts'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='notification',
            name='one_notification_of_a_decision',
        ),
        migrations.RemoveConstraint(
            model_name='notification',
            name='one_notification_per_sanction',
        ),
        migrations.RemoveIndex(
            model_name='notification',
            name='notifications_of_sanctions',
        ),
        migrations.AddField(
            model_name='notification',
            name='message_en',
            field=models.CharField(blank=True, max_length=500),
        ),
        migrations.AddField(
            model_name='notification',
            name='sanction',
            field=models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='accounts.sanction'),
        ),
        migrations.AlterField(
            model_name='notification',
            name='kind',
            field=models.CharField(choices=[('reply', 'reply'), ('mention', 'mention'), ('comment_shown', 'comment shown'), ('comment_hidden', 'comment hidden'), ('comment_held', 'comment held'), ('comment_blocked', 'comment blocked'), ('appeal_granted', 'appeal granted'), ('appeal_rejected', 'appeal rejected'), ('sanction_begun', 'suspension begun'), ('sanction_ended', 'suspension ended')], max_length=20),
        ),
        migrations.AddConstraint(
            model_name='notification',
            constraint=models.UniqueConstraint(condition=models.Q(('kind__in', ['comment_shown', 'comment_hidden', 'comment_held', 'comment_blocked', 'appeal_granted', 'appeal_rejected'])), fields=('reader', 'comment'), name='one_notification_of_a_decision'),
        ),
        migrations.AddConstraint(
            model_name='notification',
            constraint=models.UniqueConstraint(condition=models.Q(('sanction__isnull', False)), fields=('sanction', 'kind'), name='one_notification_per_sanction'),
        ),
    ]
