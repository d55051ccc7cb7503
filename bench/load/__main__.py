"""`python -m bench.load`: live stories in bulk (bench/load/articles.py)."""

import runpy

runpy.run_module("bench.load.articles", run_name="__main__")
