"""The desk's API, its previews, and its health."""
