"""The texts of pages and code, and the German catalogue that answers them (`make messages`).

Babel does what GNU gettext would, so none need be installed: bootstrap.py compiles the catalogues at set-up.
"""

from collections.abc import Iterator, Sequence
from io import BytesIO
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import DEFAULT_KEYWORDS, extract
from babel.messages.pofile import read_po, write_po
from django.utils.translation.template import templatize

ROOT = Path(__file__).resolve().parents[2]
GERMAN = ROOT / "locale" / "de" / "LC_MESSAGES" / "django.po"
CODE = ("companies", "contacts", "deskscim")
HEADER = r"""# DeskSCIM in German: fill what `make messages` brings in empty.
msgid ""
msgstr ""
"Language: de\n"
"MIME-Version: 1.0\n"
"Content-Type: text/plain; charset=utf-8\n"
"Content-Transfer-Encoding: 8bit\n"
"Plural-Forms: nplurals=2; plural=(n != 1);\n"

"""
KEYWORDS = DEFAULT_KEYWORDS | {"gettext_lazy": None, "ngettext_lazy": (1, 2), "pgettext_lazy": ((1, "c"), 2)}


def wanted() -> Catalog:
    """Every text that pages and code hand to gettext."""
    catalog = Catalog(project="DeskSCIM", charset="utf-8")
    for source in _sources():
        for _line, text, _comments, context in extract("python", BytesIO(source.encode()), KEYWORDS):
            catalog.add(text, context=context)
    return catalog


def _sources() -> Iterator[str]:
    """Python: the code itself, and what Django makes of templates."""
    for folder in CODE:
        yield from (path.read_text() for path in sorted((ROOT / folder).rglob("*.py")))
    for path in sorted((ROOT / "templates").rglob("*.html")):
        lines = templatize(path.read_text(), str(path)).splitlines()
        yield "\n".join(line.strip() for line in lines)  # a page's indentation is not Python's


def german() -> Catalog:
    """The catalogue as it is."""
    with GERMAN.open("rb") as file:
        return read_po(file, locale="de", domain="django")


def save(catalog: Catalog) -> None:
    """Write it in an order and a form that change with the texts alone."""
    plain: dict[str, Any] = {"no_location": True, "sort_output": True, "ignore_obsolete": True, "width": 110}
    with GERMAN.open("wb") as file:
        file.write(HEADER.encode())
        write_po(file, catalog, omit_header=True, **plain)


def main() -> None:
    """Bring the catalogue up to date: new texts come in empty, old ones leave."""
    catalog = german()
    catalog.update(wanted(), no_fuzzy_matching=True)
    save(catalog)
    waiting = sum(not all(words(message)) for message in catalog if message.id)
    print(f"{GERMAN.relative_to(ROOT)}: {waiting} texts wait for their translation.")


def words(message: Message) -> Sequence[str]:
    """The translation, in its singular and plural if it has them; empty where it is missing."""
    return [message.string or ""] if isinstance(message.string, str | None) else message.string


if __name__ == "__main__":
    main()
