"""Benchmarks: requests a second of reader addresses beside constant bytes from the same server."""
