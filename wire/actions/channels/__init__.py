"""Actions of channels: set up, fetch what is due, fetch now.

setup.py     a channel, new or changed, switched on or off
leases.py    one worker fetches a channel at a time
storing.py   a delivery and the channel's state in one transaction; what is known is not stored twice
folder.py · feed.py · mailbox.py   one run of each kind
fetching.py  a run with its outcome: next run, failures in a row, words for people
"""

from wire.actions.channels.fetching import fetch_due_channel, fetch_now
from wire.actions.channels.setup import save_channel, switch_off, switch_on
from wire.actions.channels.storing import FetchResult

__all__ = [
    "FetchResult",
    "fetch_due_channel",
    "fetch_now",
    "save_channel",
    "switch_off",
    "switch_on",
]
