"""API views of one's own account. Their URLs, under `me/`, are in pages, which adds export and closing."""
