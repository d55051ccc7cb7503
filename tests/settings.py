"""The newsroom's settings with what tests need: a folder of their own, quick passwords."""

import os
import tempfile
from urllib.parse import urlsplit

os.environ.setdefault("SECRET_KEY", "a key for tests and nothing else, long enough for HS256")
os.environ.setdefault("NEWSROOM_DATA", tempfile.mkdtemp(prefix="newsroom-tests-"))
# Each worker of one pytest has a part of the folder to itself, or it would find the others' figures
# among its own; processes that it starts without a folder of their own share its part.
os.environ["NEWSROOM_DATA"] = (
    os.environ["NEWSROOM_DATA"].removesuffix(f"/{os.environ.get('PYTEST_XDIST_WORKER', '')}")
    + f"/{os.environ.get('PYTEST_XDIST_WORKER', '')}"
)
os.environ.setdefault("SITE_URL", "http://testserver")

from newsroom.conf.environment import DATA_DIR
from newsroom.settings import *  # noqa: F403  # after the environment is set, all of it
from newsroom.settings import CACHES, MIDDLEWARE, REDIS_URL, STORAGES

STATIC_ROOT = DATA_DIR / "static"
STATIC_ROOT.mkdir(parents=True, exist_ok=True)  # WhiteNoise warns where there is none
# nor do they count what an answer asks of the clock: tests/newsroom/http/test_cache_control.py does
SHARED_CACHE_SECONDS = 0
RESPONSE_CACHE_STALE_IF_ERROR_SECONDS = 0  # tests/e2e/test_servers_away.py sets it
# A reader of a test writes at once; tests/accounts and tests/comments/writing set these.
NEW_ACCOUNT_WAIT_MINUTES = HELD_FIRST_COMMENTS = 0
COMMENTS_PER_DAY = COMMENTS_PER_ARTICLE_AND_DAY = 0
MIDDLEWARE = ["tests.support.contract.openapi_conformance.OpenAPIConformance", *MIDDLEWARE]
# tests look at once at what they did elsewhere; tests/newsroom/http/test_response_cache.py sets it
RESPONSE_CACHE_SECONDS = 0
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES = STORAGES | {
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
}

if REDIS_URL:
    # A database of its own for each pytest worker, since clearing a cache empties its database.
    NUMBER = 1 + int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))
    SERVER = urlsplit(REDIS_URL)._replace(path=f"/{NUMBER}").geturl()
    CACHES = {"default": CACHES["default"] | {"LOCATION": SERVER}}
