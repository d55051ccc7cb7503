"""Views of the desk API, of previews, and of the health and metrics endpoints."""
