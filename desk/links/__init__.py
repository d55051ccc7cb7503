"""Link checker of bodies, as warnings before publication.

addresses.py  parts of addresses, and which are on this site
internal.py   faults of addresses themselves, and pages and articles of this site, from the database
external.py   links to other sites, with what the last check of each found
probe.py      the check itself: HEAD, then GET, from a background thread (desk/workers/link_checks.py)
"""

from desk.links.external import ExternalLink, ExternalLinks, external_links_of, external_urls_in
from desk.links.internal import (
    Link,
    LinkFault,
    LinkProblem,
    address_fault,
    link_problems_of,
    links_in,
)

__all__ = [
    "ExternalLink",
    "ExternalLinks",
    "Link",
    "LinkFault",
    "LinkProblem",
    "address_fault",
    "external_links_of",
    "external_urls_in",
    "link_problems_of",
    "links_in",
]
