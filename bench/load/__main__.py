"""`python -m bench.load`: live stories in bulk (bench/load/articles.py)."""

from bench.load.articles import main

main()
