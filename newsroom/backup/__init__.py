"""Backup and restore of everything that lasts: database, photos and, apart, the secret key."""
