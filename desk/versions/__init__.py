"""Versions of drafts: their content as JSON, and the word diff of two contents."""
