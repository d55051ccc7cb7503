"""Suggestions for a story by extraction: sentences, their rank, and summary lines. Pure functions."""
