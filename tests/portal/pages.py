"""Every page that an admin can open, from the table of all URLs: a new one is here by itself."""

from .test_access import OK, TABLE

# Addresses that answer with something else than a page: a file, a part of a page.
NO_PAGES = {
    "companies:pick",
    "contacts:changes",
    "contacts:export",
    "contacts:import-template",
    "contacts:pick",
    "jobs:file",
}
PAGES = sorted(
    label
    for (label, verb), (*_, admin) in TABLE.items()
    if verb == "GET" and admin == OK and label not in NO_PAGES
)
