"""The source Yonhap, whose format is the first that is parsed."""

from django.db import migrations


def add_yonhap(apps, schema_editor):
    apps.get_model("wire", "Source").objects.get_or_create(
        slug="yonhap", defaults={"name": "연합뉴스", "agency": "연합뉴스", "parser": "yonhap"}
    )


def remove_yonhap(apps, schema_editor):
    """Only where nothing came from it."""
    apps.get_model("wire", "Source").objects.filter(slug="yonhap", deliveries=None).delete()


class Migration(migrations.Migration):
    dependencies = [("wire", "0002_keep_deliveries")]
    operations = [migrations.RunPython(add_yonhap, remove_yonhap)]
