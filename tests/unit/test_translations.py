"""The German catalogue is whole: whoever adds a text runs `make messages` and fills what comes in empty."""

import ast
import re
from collections.abc import Iterator
from html import unescape
from pathlib import Path

import pytest
from babel.messages.catalog import Message
from django.template.base import Lexer, TokenType

from tests.infrastructure import messages
from tests.infrastructure.messages import ROOT, german, wanted, words

GERMAN = german()
WANTED = [message for message in wanted() if message.id]
PLACEHOLDER = re.compile(r"%\(\w+\)s|%%|\{\w+\}")
TAG = re.compile(r"<[^>]+>")

# Pages whose texts are still bare, by the beginning of their path; admin pages are the Django admin's.
BARE = ("admin/",)
NAMES = re.compile(r"DeskSCIM|Esc|Enter|CSV|XLSX|[\w.]+\.example")


def marks(text: str) -> list[str]:
    """Placeholders and tags, which a translation keeps."""
    return sorted(PLACEHOLDER.findall(text) + TAG.findall(text))


@pytest.mark.parametrize("message", WANTED, ids=lambda one: str(one.id)[:40])
def test_every_text_has_a_whole_translation(message: Message) -> None:
    known = GERMAN.get(message.id, message.context)

    assert known is not None, "run `make messages`"
    assert all(words(known)), "fill it in locale/de/LC_MESSAGES/django.po"
    assert not known.fuzzy
    original = [message.id] if isinstance(message.id, str) else message.id
    assert [marks(text) for text in words(known)] == [marks(text) for text in original]


def test_no_translation_is_left_over() -> None:
    texts = {(message.id, message.context) for message in WANTED}

    assert [
        message.id for message in GERMAN if message.id and (message.id, message.context) not in texts
    ] == []


def bare_words(page: Path) -> list[str]:
    """What the page says without asking for a translation."""
    in_block, said = False, ""
    for token in Lexer(page.read_text()).tokenize():
        word = token.contents.split()[0] if token.token_type == TokenType.BLOCK else ""
        if word in ("blocktranslate", "comment"):
            in_block = True
        elif word in ("endblocktranslate", "endcomment"):
            in_block = False
        elif token.token_type == TokenType.TEXT and not in_block:
            said += token.contents
        else:
            said += "\0"  # a tag inside an attribute does not end it
    attributes = re.findall(r'\b(?:aria-label|title|placeholder|alt)="([^"]*)"', said)
    texts = re.sub(r"<[^>]*>", "\n", said).split("\n")
    stripped = (NAMES.sub("", unescape(text).replace("\0", " ")).strip() for text in [*texts, *attributes])
    return [text for text in stripped if re.search(r"[^\W\d_]{3}", text)]


PAGES = sorted((ROOT / "templates").rglob("*.html"))


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT / "templates")))
def test_no_page_says_a_bare_word(page: Path) -> None:
    if not str(page.relative_to(ROOT / "templates")).startswith(BARE):
        assert bare_words(page) == []


def test_a_bare_word_is_seen(tmp_path: Path) -> None:
    """If none was, the test before would pass."""
    page = tmp_path / "page.html"
    page.write_text('<p class="{% if a %}card{% endif %}">Bare <i title="Hint">{% translate "Not" %}</i></p>')

    assert bare_words(page) == ["Bare", "Hint"]


CODE = [path for folder in messages.CODE for path in sorted((ROOT / folder).rglob("*.py"))]


def asked_at_once(tree: ast.AST, names: set[str]) -> Iterator[int]:
    """Lines that ask for a translation while the module is imported."""
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.FunctionDef | ast.Lambda):
            continue
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in names:
            yield node.lineno
        yield from asked_at_once(node, names)


def eager_names(tree: ast.AST) -> set[str]:
    """What the module calls the functions that translate at once."""
    imports = [node for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)]
    aliases = [alias for node in imports if node.module == "django.utils.translation" for alias in node.names]
    return {alias.asname or alias.name for alias in aliases if alias.name in ("gettext", "ngettext")}


@pytest.mark.parametrize("path", CODE, ids=lambda path: str(path.relative_to(ROOT)))
def test_no_text_is_translated_before_the_reader_is_known(path: Path) -> None:
    """At import it would be English for everybody: gettext_lazy is for that."""
    tree = ast.parse(path.read_text())

    assert list(asked_at_once(tree, eager_names(tree))) == []


def test_a_text_translated_at_once_is_seen() -> None:
    """If it was not, the test before would pass."""
    tree = ast.parse("from django.utils.translation import gettext as _\nclass A:\n    b = [_('Not')]")

    assert list(asked_at_once(tree, eager_names(tree))) == [3]
