"""Agency copy: what its changes and rights mean for the stories that were written from it."""
