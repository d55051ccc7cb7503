"""A crowd of readers at once, by processes that are killed: counts equal their rows afterwards."""
