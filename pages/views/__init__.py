"""Server-rendered pages for readers."""
