"""The forms of an import: the file, then what its columns mean."""

from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.http import QueryDict
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from contacts.columns import EMAIL, OTHER_EMAILS, Column

from .reading import Unreadable, table

PREVIEW = 3  # rows of which examples are shown beside the headings


class UploadForm(forms.Form):
    """A file of contacts that can be read."""

    file = forms.FileField(
        label=gettext_lazy("File"),
        widget=forms.FileInput(attrs={"accept": ".csv,.txt,.tsv,.xlsx"}),
        error_messages={
            "required": gettext_lazy("Choose a file."),
            "empty": gettext_lazy("The file is empty."),
        },
    )

    def clean_file(self) -> "UploadedFile[bytes]":
        """The file; its headings are known then. Raises ValidationError with what to do about it."""
        file: UploadedFile[bytes] = self.cleaned_data["file"]
        if (file.size or 0) > settings.IMPORT_MAX_BYTES:
            sizes = {
                "size": filesizeformat(file.size or 0),
                "most": filesizeformat(settings.IMPORT_MAX_BYTES),
            }
            said = _("The file has %(size)s; at most %(most)s can be imported at once. Split it into parts.")
            raise ValidationError(said % sizes)
        try:
            with table(file) as found:
                self.headings = list(found.headings)
                if not list(islice(found.rows, PREVIEW)):
                    raise Unreadable(_("The file has headings, but no row below them."))
        except Unreadable as unreadable:
            raise ValidationError(str(unreadable)) from None
        return file


class MappingForm(forms.Form):
    """Which column each heading means, and what is wanted of rows that match a contact or do not."""

    update_existing = forms.BooleanField(
        label=gettext_lazy("Update contacts that have one of the e-mail addresses of a row"),
        help_text=gettext_lazy("Left unticked, such rows are skipped. An empty cell never clears a value."),
        required=False,
    )
    create_new = forms.BooleanField(
        label=gettext_lazy("Create contacts for the other rows"),
        help_text=gettext_lazy("Left unticked, such rows are skipped."),
        required=False,
    )

    def __init__(
        self,
        data: QueryDict | None = None,
        *,
        headings: Sequence[str],
        columns: Sequence[Column],
        initial: dict[str, Any],
        mapping: Sequence[str],
    ) -> None:
        super().__init__(data, initial=initial)
        self._names = [f"column_{number}" for number in range(len(headings))]
        choices = [("", _("Do not import")), *((column.key, column.label) for column in columns)]
        for name, heading, key in zip(self._names, headings, mapping, strict=True):
            self.fields[name] = forms.ChoiceField(
                label=heading or _("(no heading)"), choices=choices, required=False, initial=key
            )

    @property
    def columns(self) -> Iterator[forms.BoundField]:
        """The field of each heading, to render."""
        return (self[name] for name in self._names)

    def clean(self) -> dict[str, Any]:
        """Each column once, something to do, and something to do it by."""
        cleaned = self.cleaned_data
        seen: set[str] = set()
        for name in self._names:
            key = cleaned.get(name, "")
            if key and key in seen:
                self.add_error(name, _("Another heading has this column already."))
            seen.add(key)
        if not cleaned.get("update_existing") and not cleaned.get("create_new"):
            raise ValidationError(_("Tick at least one of the two boxes, or nothing is imported."))
        if not seen & {EMAIL, OTHER_EMAILS, "name", "given_name", "family_name"}:
            raise ValidationError(_("Say which column holds the name or the e-mail address."))
        return cleaned

    def mapping(self) -> list[str]:
        """The key of each heading's column, "" for one that is not imported."""
        return [self.cleaned_data[name] for name in self._names]
