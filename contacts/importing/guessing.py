"""Which column each heading of a file means: a guess, which the agent corrects."""

import re
from collections.abc import Mapping, Sequence

from contacts.columns import COMPANY, EMAIL, OTHER_EMAILS, Column

# What other programs call them, in English and German; compared without case, blanks and marks.
_ALIASES: Mapping[str, str] = {
    "name": "fullname displayname contactname contact vollständigername anzeigename kontakt",
    "given_name": "firstname givenname forename vorname",
    "family_name": "lastname surname familyname nachname familienname",
    EMAIL: "email emailaddress mail primaryemail workemail emails emailadresse upn userprincipalname",
    OTHER_EMAILS: "otheremails secondaryemail secondaryemails additionalemails weitereemailadressen",
    COMPANY: "companyname organization organisation account firma unternehmen",
    "title": "jobtitle position jobposition funktion stellenbezeichnung",
    "department": "abteilung",
    "phone": "workphone phonenumber telephone telephonenumber businessphone telefon telefonnummer",
    "mobile": "mobilephone cell cellphone mobilenumber handy mobiltelefon",
    "employee_number": "employeeid employeenumber staffnumber personalnummer",
}


def guess(headings: Sequence[str], columns: Sequence[Column]) -> list[str]:
    """The key of the column for each heading; "" where none fits, or an earlier heading has it."""
    known = _known(columns)
    found: list[str] = []
    for heading in headings:
        key = known.get(_plain(heading), "")
        found.append("" if key in found else key)
    return found


def _known(columns: Sequence[Column]) -> dict[str, str]:
    """Labels and API names go before what others call them."""
    keys = {column.key for column in columns}
    known = {word: key for key, words in _ALIASES.items() if key in keys for word in words.split()}
    for column in reversed(columns):
        known |= {_plain(column.key): column.key, _plain(column.label): column.key}
    return known


def _plain(text: str) -> str:
    return re.sub(r"[\W_]+", "", text).casefold()
