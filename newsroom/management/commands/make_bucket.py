"""`manage.py make_bucket`: the bucket for photos, where object storage is used and has none yet."""

from typing import Any

from django.conf import settings
from django.core.files.storage import storages
from django.core.management.base import BaseCommand, CommandError

HOME = "us-east-1"  # the one region that must not be named


class Command(BaseCommand):
    help = "Make the bucket of S3_BUCKET if it is not there. Does nothing where photos are in a folder."
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
            elsewhere = {"CreateBucketConfiguration": {"LocationConstraint": region}}
            client.create_bucket(Bucket=bucket, **({} if region == HOME else elsewhere))
        except Exception as refusal:
            # boto3 makes its error classes at run time; whatever it is, a person reads the sentence.
            raise CommandError(f"S3_BUCKET={bucket}: {refusal}") from refusal
        self.stdout.write(f"The bucket {bucket} was made.")
