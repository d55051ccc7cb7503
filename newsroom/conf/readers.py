"""Settings of readers: sanctions, confirmed addresses, new accounts, the content filter of comments.

settings.py takes them over.
"""

from newsroom.conf.allauth import EMAIL_VERIFICATION
from newsroom.conf.environment import env, read_bool, read_int, read_purpose_secret
from newsroom.conf.moderation import *  # noqa: F403  # every setting of the moderation queue

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
