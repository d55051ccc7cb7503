"""How fast readers are served, beside what the same server does with constant bytes: `python -m bench`."""
