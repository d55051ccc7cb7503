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
)

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
# Words that hold a comment for moderation, and harmless words that contain them; without any, those of
# comments/content_filter.py.
COMMENT_MODERATED_WORDS = env.list("COMMENT_MODERATED_WORDS", default=[])
COMMENT_ALLOWED_WORDS = env.list("COMMENT_ALLOWED_WORDS", default=[])
# Days in which a reader can appeal against a decision of a moderator (docs/sanctions.md).
APPEAL_DAYS = read_int("APPEAL_DAYS", default=30, minimum=1, maximum=3650)
# What becomes of a comment 30 days after it was blocked on request, without a decision: shown again or
# hidden. Days for which the requester's name, address and statement stay after the procedure is over.
BLOCK_END_POLICY = read_choice("BLOCK_END_POLICY", "restore", "keep", default="restore")
BLOCK_CONTACT_RETENTION_DAYS = read_days("BLOCK_CONTACT_RETENTION_DAYS", default=365)
# So many times the own pace of a story or writer is a surge (comments/actions/surges.py).
SURGE_FACTOR = read_int("SURGE_FACTOR", default=5, minimum=2, maximum=1000)
