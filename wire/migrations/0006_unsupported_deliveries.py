"""Outcome of a delivery in a format that no parser reads, and the formats of plain text."""

from django.db import migrations, models

from wire.triggers import rebuild_wire_triggers


class Migration(migrations.Migration):

    dependencies = [
        ("wire", "0005_structured_formats"),
    ]

    operations = rebuild_wire_triggers([
        migrations.RemoveConstraint(
            model_name='delivery',
            name='a_parsed_delivery_has_its_version',
        ),
        migrations.AlterField(
            model_name='delivery',
            name='status',
            field=models.CharField(choices=[('received', 'received'), ('parsed', 'parsed'), ('failed', 'failed'), ('duplicate', 'known already'), ('unsupported', 'unsupported format')], default='received', max_length=12, verbose_name='outcome'),
        ),
        migrations.AlterField(
            model_name='source',
            name='format',
            field=models.CharField(choices=[('auto', 'recognised from the delivery'), ('yonhap', 'Yonhap plain text'), ('korean', 'plain text of another Korean agency'), ('english', 'English plain text of Yonhap')], default='auto', max_length=20, verbose_name='format'),
        ),
        migrations.AddConstraint(
            model_name='delivery',
            constraint=models.CheckConstraint(condition=models.Q(('status__in', ['received', 'failed', 'unsupported']), ('version__isnull', False), _connector='OR'), name='a_parsed_delivery_has_its_version'),
        ),
    ])
