"""`manage.py make_bucket`: create the bucket for photos, where object storage is used."""

from typing import Any

from django.conf import settings
from django.core.files.storage import storages
from django.core.management.base import BaseCommand, CommandError

DEFAULT_REGION = "us-east-1"  # the one region that must not be given as a location


class Command(BaseCommand):
    help = "Create the bucket S3_BUCKET if it does not exist. Does nothing where photos are in a folder."
    requires_system_checks = ()

    def handle(self, *args: Any, **options: Any) -> None:
        bucket = settings.STORAGES["default"].get("OPTIONS", {}).get("bucket_name")
        if bucket is None:
            self.stdout.write("Photos are kept in a folder; there is no bucket to make.")
            return
        storage: Any = storages["default"]
        client = storage.connection.meta.client
        try:
            if bucket in [row["Name"] for row in client.list_buckets()["Buckets"]]:
                self.stdout.write(f"The bucket {bucket} is there.")
                return
            region = client.meta.region_name
            location = {"CreateBucketConfiguration": {"LocationConstraint": region}}
            client.create_bucket(Bucket=bucket, **({} if region == DEFAULT_REGION else location))
        except Exception as error:
            # boto3 makes its error classes at run time; each is shown as a sentence.
            raise CommandError(f"S3_BUCKET={bucket}: {error}") from error
        self.stdout.write(f"The bucket {bucket} was made.")
