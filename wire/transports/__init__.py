"""How channels reach what they fetch, without a database.

addresses.py    addresses of channels, parsed and checked, and passwords from the environment
folder.py       files of a watched folder: complete or not, read, moved
failures.py     failures of connections in words
feed.py         conditional GET of a feed
imap.py         a mailbox over IMAP with TLS, pinned address, one deadline (imported when it is needed)
"""
