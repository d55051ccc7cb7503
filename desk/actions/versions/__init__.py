"""Versions of drafts: write one with each save, autosave, restore."""
