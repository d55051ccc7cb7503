"""Several accounts may name one address, of which one holds it."""

import django.db.models.functions.text
from django.db import migrations, models


def rename_others(apps, schema_editor):
    """Give accounts that do not hold their address another one, before addresses are unique again."""
    users = apps.get_model("accounts", "User").objects.filter(holds_email=False)
    for pk in users.values_list("pk", flat=True):
        users.filter(pk=pk).update(email=f"named-{pk}@unverified.invalid")


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0002_sessions_and_tokens_end_for_good'),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='user',
            name='one_account_per_address',
        ),
        migrations.AddField(
            model_name='user',
            name='holds_email',
            field=models.BooleanField(default=True, editable=False, verbose_name='holds the address'),
        ),
        migrations.AlterField(
            model_name='user',
            name='email',
            field=models.EmailField(db_index=True, max_length=254, verbose_name='e-mail'),
        ),
        migrations.RunPython(migrations.RunPython.noop, rename_others),
        migrations.AddConstraint(
            model_name='user',
            constraint=models.UniqueConstraint(django.db.models.functions.text.Lower('email'), condition=models.Q(('holds_email', True)), name='one_account_per_address', violation_error_message='Somebody has an account with this address already.'),
        ),
    ]
