"""What the desk's API takes and tells."""
