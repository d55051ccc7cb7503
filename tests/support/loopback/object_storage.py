"""S3-compatible server (moto) on loopback for the length of a `with`, with one private bucket.

moto speaks the S3 API over HTTP and keeps everything in memory; it has no access control of its own,
so what may be read is proved at our door, not at the bucket's.
"""

import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError

from scripts.supervisor import terminate_with_parent
from tests.support.loopback.servers import free_port

BUCKET = "photos"
START_TIMEOUT_SECONDS = 30.0
S3_CLIENT_CONFIG: Any = Config(retries={"total_max_attempts": 1}, s3={"addressing_style": "path"})  # type: ignore[no-untyped-call]
SERVER_SCRIPT = "import sys; from moto.server import main; main(sys.argv[1:])"


@contextmanager
def object_storage(*, empty: bool = False) -> Iterator[dict[str, str]]:
    """S3_* environment variables of an empty bucket; with `empty` of one that does not exist yet."""
    port = free_port()
    process = subprocess.Popen(
        [sys.executable, "-c", SERVER_SCRIPT, "--host=127.0.0.1", f"--port={port}"],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        preexec_fn=terminate_with_parent,  # noqa: PLW1509 -- this process has one thread
    )
    given = {
        "S3_ENDPOINT_URL": f"http://127.0.0.1:{port}",
        "S3_REGION": "us-east-1",
        "S3_BUCKET": BUCKET,
        "S3_ACCESS_KEY_ID": "testing",
        "S3_SECRET_ACCESS_KEY": "testing-too",
    }
    try:
        wait_for_storage(given, process)
        if not empty:
            s3_client(given).create_bucket(Bucket=BUCKET)
        yield given
    finally:
        process.terminate()
        process.wait(10)


def s3_client(given: dict[str, str]) -> Any:
    """S3 client to the storage itself."""
    return boto3.client(  # type: ignore[no-untyped-call]
        "s3",
        endpoint_url=given["S3_ENDPOINT_URL"],
        region_name=given["S3_REGION"],
        aws_access_key_id=given["S3_ACCESS_KEY_ID"],
        aws_secret_access_key=given["S3_SECRET_ACCESS_KEY"],
        config=S3_CLIENT_CONFIG,
    )


def wait_for_storage(given: dict[str, str], process: subprocess.Popen[bytes]) -> None:
    """Wait until the storage answers."""
    until = time.monotonic() + START_TIMEOUT_SECONDS
    while True:
        try:
            s3_client(given).list_buckets()
        except BotoCoreError:
            assert process.poll() is None, "the storage ended before it answered"
            assert time.monotonic() < until, "the storage does not answer"
            time.sleep(0.1)
        else:
            return


def object_keys(given: dict[str, str]) -> list[str]:
    """Keys of the objects in the bucket."""
    listed = s3_client(given).list_objects_v2(Bucket=BUCKET)
    return [row["Key"] for row in listed.get("Contents", [])]
