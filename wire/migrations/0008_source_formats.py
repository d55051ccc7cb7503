"""Formats that a source may choose: the structured ones, feeds, e-mail."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("wire", "0007_match_stories"),
    ]

    operations = [
        migrations.AlterField(
            model_name='source',
            name='format',
            field=models.CharField(choices=[('auto', 'recognised from the delivery'), ('yonhap', 'Yonhap plain text'), ('korean', 'plain text of another Korean agency'), ('english', 'English plain text of Yonhap'), ('newsml_g2', 'NewsML-G2'), ('nitf', 'NITF'), ('ninjs', 'ninjs'), ('iptc7901', 'IPTC 7901 or ANPA 1312'), ('feed', 'RSS or Atom feed'), ('email', 'e-mail')], default='auto', max_length=20, verbose_name='format'),
        ),
    ]
