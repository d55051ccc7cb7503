"""Settings of the moderation queue: reports that hide, leases, former texts (docs/moderation.md)."""

from newsroom.conf.environment import read_int

# Reports hide a comment until a moderator decides once they weigh so much, of so many accounts. A report of
# an account without a record weighs 10.
REPORTS_HIDE_WEIGHT = read_int("REPORTS_HIDE_WEIGHT", default=70, minimum=1, maximum=100_000)
REPORTS_HIDE_REPORTERS = read_int("REPORTS_HIDE_REPORTERS", default=4, minimum=1, maximum=10_000)
# Reports of younger accounts weigh nothing.
REPORTER_MIN_AGE_HOURS = read_int("REPORTER_MIN_AGE_HOURS", default=168, minimum=0, maximum=87_600)
# How long a moderator has an item without renewing the lease.
MODERATION_LEASE_SECONDS = read_int(
    "MODERATION_LEASE_SECONDS", default=120, minimum=10, maximum=3600
)
# Former texts of edited comments are deleted after so many days.
COMMENT_REVISION_DAYS = read_int("COMMENT_REVISION_DAYS", default=180, minimum=1, maximum=3650)
