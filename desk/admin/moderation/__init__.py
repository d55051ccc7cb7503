"""Admin screen of the moderators' queue."""
