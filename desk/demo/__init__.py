"""A newsroom to look at: stories, pictures and people of our own invention."""
