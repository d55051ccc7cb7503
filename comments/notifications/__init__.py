"""Notifications of readers: replies, mentions, decisions and sanctions, on screen and by e-mail."""
