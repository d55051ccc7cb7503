"""The whole archive as JSON lines: out, and in again. docs/archive.md describes a line."""
