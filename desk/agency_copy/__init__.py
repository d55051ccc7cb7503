"""Agency copy in drafts: its status against the wire, and agency addresses in the text.

status.py     what changed in the agency's story since a draft was started from it
addresses.py  e-mail addresses that came from the wire and stand in the text
"""
