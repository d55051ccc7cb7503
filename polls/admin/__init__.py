"""Admin of polls: the list, a poll's page, and the timeline of its votes."""

from polls.admin.polls import PollAdmin

__all__ = ["PollAdmin"]
