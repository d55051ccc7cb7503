"""What ./run, ./test and `make` do; no part of the newsroom imports it."""
