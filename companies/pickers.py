"""Form fields that choose one of many rows by searching.

With the script picker.js such a field is a combobox that searches while somebody types. Without it the form
is sent with the words alone: one match is taken, of several the form comes back with all to choose from.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Model
from django.forms.utils import flatatt
from django.template.loader import render_to_string
from django.urls import reverse_lazy
from django.utils.functional import Promise
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from .models import Company
from .querysets import CompanyQuerySet

MOST = 8  # more than this nobody reads; another word finds fewer
NONE = "none"  # what is sent for no company

Row = TypeVar("Row", bound=Model)


@dataclass(frozen=True, slots=True)
class Choice:
    """One row to choose: what is sent, what is shown, and what tells it from others of its name."""

    pk: str
    label: str
    detail: str = ""


class PickerWidget(forms.Widget):
    """The chosen row in `name`, the words typed in `name_text`. `url` answers ?q= with options."""

    template_name = "components/_picker.html"
    url: "str | Promise" = ""
    chosen: Choice | None = None
    matches: tuple[Choice, ...] = ()
    text = ""

    def value_from_datadict(self, data: Any, files: Any, name: str) -> tuple[str, str]:
        """(pk, words); the pk of a row that was chosen among matches counts like any other."""
        return data.get(name, ""), data.get(f"{name}_text", "").replace("\0", "").strip()

    def id_for_label(self, id_: str, index: Any = None) -> str:
        """The label names the visible input."""
        return f"{id_}_text" if id_ else id_

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        """By a template of ours, which Django's own renderer would not find."""
        attributes = self.build_attrs(self.attrs, attrs)
        attributes["id"] = self.id_for_label(attributes.get("id", ""))
        attributes.setdefault("placeholder", _("Type to search"))
        context = {
            "name": name,
            "attributes": flatatt(attributes),
            "url": self.url,
            "chosen": self.chosen,
            "matches": self.matches,
            "text": self.chosen.label if self.chosen else self.text,
        }
        return render_to_string(self.template_name, context)


class Picker(forms.Field, Generic[Row]):
    """Chooses one row; its value is the row itself. A subclass says where rows come from."""

    widget = PickerWidget
    url: "str | Promise"
    nothing: "str | Promise"

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.widget.url = self.url

    def rows(self, text: str) -> Iterable[Row]:
        """The rows that the words find, the likeliest first."""
        raise NotImplementedError

    def get(self, pk: str) -> Row | None:
        """The row of this key, if there is one."""
        raise NotImplementedError

    def choice(self, row: Row) -> Choice:
        """How a row is shown."""
        raise NotImplementedError

    def found(self, text: str) -> list[Choice]:
        """What to offer for these words."""
        words = text.replace("\0", "").strip()
        return [self.choice(row) for row in self.rows(words)] if words else []

    def choose(self, row: Row | None) -> None:
        """Have this row chosen already."""
        self.widget.chosen = self.choice(row) if row else None

    def clean(self, value: tuple[str, str] | None) -> Row | None:
        """The chosen row, or the only one that the words find."""
        pk, text = value or ("", "")
        row = self.get(pk) if pk else None
        if not pk or (row and self._is_overwritten(row, text)):
            row = self._only(text)
        if row is None and self.required:
            raise ValidationError(_("Choose one."), code="required")
        self.choose(row)
        return row

    def has_changed(self, initial: Any, data: tuple[str, str] | None) -> bool:
        """Whether another row is chosen, or words are sent that are to find one."""
        pk, text = data or ("", "")
        return super().has_changed(initial, pk) or bool(text and not pk)

    def _is_overwritten(self, row: Row, text: str) -> bool:
        """Without the script the row chosen before comes along with the words typed over its name."""
        return bool(text) and self.choice(row).label != text and row not in self.rows(text)

    def _only(self, text: str) -> Row | None:
        self.widget.text = text
        rows = list(self.rows(text)) if text else []
        if text and not rows:
            raise ValidationError(str(self.nothing))
        if len(rows) > 1:
            self.widget.matches = tuple(map(self.choice, rows))
            raise ValidationError(_("Several match: choose one of them, or write more."))
        return rows[0] if rows else None


class CompanyPicker(Picker[Company]):
    """Chooses a company by its name, city, country or domain; `besides` is not offered.

    With `or_none` "No company" can be chosen as well: a company of no key.
    """

    url = reverse_lazy("companies:pick")
    nothing = gettext_lazy("No company has all of these words in its name, city, country or domains.")

    def __init__(self, *, besides: Company | None = None, or_none: bool = False, **options: Any) -> None:
        super().__init__(**options)
        self.besides, self.or_none = besides, or_none
        if or_none:
            self.widget.url = f"{self.url}?none"

    def found(self, text: str) -> list[Choice]:
        """No company comes last."""
        found = super().found(text)
        return [*found, self.choice(Company())] if self.or_none and text.strip() else found

    def rows(self, text: str) -> Iterable[Company]:
        """By name."""
        if self.or_none and text.casefold() == self.choice(Company()).label.casefold():
            return [Company()]
        return self._others().search(text).order_by("name_key")[:MOST]

    def get(self, pk: str) -> Company | None:
        """The company, unless it is the one that is not offered."""
        if self.or_none and pk == NONE:
            return Company()
        is_number = pk.isascii() and pk.isdigit() and len(pk) < 19
        return self._others().filter(pk=pk).first() if is_number else None

    def choice(self, row: Company) -> Choice:
        """Its name, and where it is."""
        if row.pk is None:
            return Choice(NONE, _("No company"))
        return Choice(str(row.pk), row.name, ", ".join(filter(None, (row.city, row.country))))

    def _others(self) -> CompanyQuerySet:
        return Company.objects.exclude(pk=self.besides.pk) if self.besides else Company.objects.all()
