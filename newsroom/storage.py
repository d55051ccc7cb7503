"""File storages: photos in a folder or an S3 bucket, static files beside the code."""

from importlib import import_module
from typing import Any

from django.core.exceptions import ImproperlyConfigured

from newsroom.conf.environment import env

# A reader waits for the photo, so the storage is given up early and tried twice.
S3_CONNECT_TIMEOUT_SECONDS, S3_READ_TIMEOUT_SECONDS = 3, 10


def storage_settings(*, debug: bool) -> dict[str, dict[str, Any]]:
    """Django's STORAGES. Raises ImproperlyConfigured for half a set of S3 variables."""
    return {
        "default": media_storage_settings(),
        "staticfiles": {
            "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
            if debug
            else "newsroom.static_files.HashedStaticFilesStorage"
        },
    }


def media_storage_settings() -> dict[str, Any]:
    """The storage of photos: a folder under NEWSROOM_DATA, or the bucket S3_BUCKET.

    The bucket needs no public access: photos are served by the site, which checks whether they are public
    (media/views.py).
    """
    bucket = env.str("S3_BUCKET", default="")
    parameters = {
        "endpoint_url": env.str("S3_ENDPOINT_URL", default=""),
        "region_name": env.str("S3_REGION", default=""),
        "access_key": env.str("S3_ACCESS_KEY_ID", default=""),
        "secret_key": env.str("S3_SECRET_ACCESS_KEY", default=""),
    }
    if not bucket:
        if any(parameters.values()):
            raise ImproperlyConfigured("S3_* is set without S3_BUCKET: which bucket?")
        return {"BACKEND": "django.core.files.storage.FileSystemStorage"}
    if bool(parameters["access_key"]) != bool(parameters["secret_key"]):
        raise ImproperlyConfigured("S3_ACCESS_KEY_ID and S3_SECRET_ACCESS_KEY go together.")
    # Without keys, boto3 uses the machine's own role.
    options: dict[str, Any] = {name: value for name, value in parameters.items() if value}
    options |= {"bucket_name": bucket, "file_overwrite": False, "client_config": s3_client_config()}
    return {"BACKEND": "storages.backends.s3.S3Storage", "OPTIONS": options}


def s3_client_config() -> Any:
    """Timeouts, retries and addressing of the S3 client. Raises ImproperlyConfigured without boto3."""
    try:
        # Only here: a newsroom with photos in a folder need not have boto3.
        config = import_module("botocore.config").Config
        import_module("storages")
    except ImportError as error:
        raise ImproperlyConfigured(
            f"S3_BUCKET needs the packages of requirements/deploy.txt: {error}."
        ) from error
    return config(
        signature_version="s3v4",
        s3={"addressing_style": "path"},
        connect_timeout=S3_CONNECT_TIMEOUT_SECONDS,
        read_timeout=S3_READ_TIMEOUT_SECONDS,
        retries={"total_max_attempts": 2, "mode": "standard"},
        # Not every S3-compatible server knows the newer checksums.
        request_checksum_calculation="when_required",
        response_checksum_validation="when_required",
    )
