"""Archive: export and import of all articles as JSON lines. docs/archive.md describes a line."""
