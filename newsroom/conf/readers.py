"""Settings of readers: sanctions, confirmed addresses, new accounts, the content filter of comments.

settings.py takes them over.
"""

from newsroom.conf.allauth import EMAIL_VERIFICATION
from newsroom.conf.environment import (
    env,
    read_bool,
    read_choice,
    read_days,
    read_int,
    read_purpose_secret,
    read_version,
)
from newsroom.conf.moderation import *  # noqa: F403  # every setting of the moderation queue

# Sessions of browsers and apps, with the account, for its list of devices (accounts/session_store.py).
SESSION_ENGINE = "accounts.session_store"
# Key of the digests by which suspensions outlive accounts (docs/identity.md).
SANCTION_SECRET = read_purpose_secret("SANCTION_SECRET")
# Comments, reactions and reports need a confirmed e-mail address (or a social account).
COMMENTS_NEED_CONFIRMED_EMAIL = read_bool(
    "COMMENTS_NEED_CONFIRMED_EMAIL", default=EMAIL_VERIFICATION != "none"
)
# Minutes for which a new account cannot comment, and how many of its first comments wait for a moderator.
NEW_ACCOUNT_WAIT_MINUTES = read_int(
    "NEW_ACCOUNT_WAIT_MINUTES", default=10, minimum=0, maximum=43_200
)
HELD_FIRST_COMMENTS = read_int("HELD_FIRST_COMMENTS", default=1, minimum=0, maximum=100)
# Versions of the texts that readers consent to, such as the day from which they apply; a changed required
# one is asked for again. Addresses of the texts, if they are published; days for which ended consents stay.
CONSENT_VERSIONS = {
    "terms": read_version("TERMS_VERSION", default="2026-12-01"),
    "privacy": read_version("PRIVACY_VERSION", default="2026-12-01"),
    "age": "14",
    "marketing": read_version("MARKETING_VERSION", default="2026-12-01"),
}
TERMS_URL = env.str("TERMS_URL", default="")
PRIVACY_URL = env.str("PRIVACY_URL", default="")
CONSENT_RETENTION_DAYS = read_days("CONSENT_RETENTION_DAYS", default=1095)
# Days in which a reader can take back that the account is closed.
ACCOUNT_CLOSING_DAYS = read_days("ACCOUNT_CLOSING_DAYS", default=7)
# Words that hold a comment for moderation, and innocent words that contain them. Either replaces those of
# the word list in the admin (docs/content_filter.md).
COMMENT_MODERATED_WORDS = env.list("COMMENT_MODERATED_WORDS", default=[])
COMMENT_ALLOWED_WORDS = env.list("COMMENT_ALLOWED_WORDS", default=[])
# An outside classifier: each comment is held until it answers (docs/content_filter.md).
COMMENT_CLASSIFIER_URL = env.str("COMMENT_CLASSIFIER_URL", default="")
COMMENT_CLASSIFIER_KEY = env.str("COMMENT_CLASSIFIER_KEY", default="")
COMMENT_CLASSIFIER_TIMEOUT_SECONDS = env.float("COMMENT_CLASSIFIER_TIMEOUT_SECONDS", default=5.0)
# Quotas of comments of one reader by the day in Seoul, and seconds between two of them; 0 for none.
COMMENTS_PER_DAY = read_int("COMMENTS_PER_DAY", default=100, minimum=0, maximum=10_000)
COMMENTS_PER_ARTICLE_AND_DAY = read_int(
    "COMMENTS_PER_ARTICLE_AND_DAY", default=30, minimum=0, maximum=10_000
)
COMMENT_INTERVAL_SECONDS = read_int(
    "COMMENT_INTERVAL_SECONDS", default=0, minimum=0, maximum=86_400
)
# Comments that can be pinned under one article.
COMMENT_PINS_PER_ARTICLE = read_int("COMMENT_PINS_PER_ARTICLE", default=3, minimum=1, maximum=20)
# Days in which a reader can appeal against a decision of a moderator (docs/sanctions.md).
APPEAL_DAYS = read_int("APPEAL_DAYS", default=30, minimum=1, maximum=3650)
# What becomes of a comment 30 days after it was blocked on request, without a decision: shown again or
# hidden. Days for which the requester's name, address and statement stay after the procedure is over.
BLOCK_END_POLICY = read_choice("BLOCK_END_POLICY", "restore", "keep", default="restore")
BLOCK_CONTACT_RETENTION_DAYS = read_days("BLOCK_CONTACT_RETENTION_DAYS", default=365)
# So many times the own pace of a story or writer is a surge (comments/actions/surges.py).
SURGE_FACTOR = read_int("SURGE_FACTOR", default=5, minimum=2, maximum=1000)
