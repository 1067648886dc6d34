"""The forms around the list of contacts: filters, columns, saved views."""

from typing import TYPE_CHECKING, Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from companies.pickers import Choice, CompanyPicker
from contacts.listing import Listing
from contacts.listing.columns import columns
from contacts.listing.filters import Between, Choices, Filter, Picked, Text
from contacts.models import SavedView
from contacts.models.saved_view import LONGEST

if TYPE_CHECKING:
    ViewForm = forms.ModelForm[SavedView]
else:
    ViewForm = forms.ModelForm

TOO_LONG = _("This list has too many filters to be kept as a view. Leave some of them out.")


class FilterForm(forms.Form):
    """Every filter there is, as the listing has them. It only writes an address, which `Listing` reads."""

    def __init__(self, listing: Listing) -> None:
        on = QueryDict(listing.query.removeprefix("?"))
        typed = {one.name: one.typed for one in listing.filters if one.typed}
        super().__init__(initial=on.dict() | typed, auto_id="filter-%s")
        for one in listing.available:
            self.fields.update(_fields(one, on, typed.get(one.name, "")))
        self.kept = kept(listing.everything(), search=listing.search)


def kept(listing: Listing, *, search: str = "") -> list[tuple[str, str]]:
    """What the address of a listing says, for the hidden fields of a form that leads on from it."""
    query = QueryDict(listing.query.removeprefix("?"))
    pairs = [(name, value) for name, values in query.lists() for value in values]
    return [*pairs, ("q", search)] if search else pairs


def _fields(one: Filter, on: QueryDict, typed: str) -> dict[str, forms.Field]:
    if isinstance(one, Choices):
        choices = [(value, words) for value, (words, _condition) in one.options.items()]
        field = forms.MultipleChoiceField(
            label=one.label,
            choices=choices,
            widget=forms.CheckboxSelectMultiple,
            required=False,
            initial=on.getlist(one.name),
        )
        return {one.name: field} if choices else {}
    if isinstance(one, Between):
        labels = (_("%(what)s from"), _("%(what)s to"))
        return {
            name: forms.DateField(
                label=str(label) % {"what": one.label},
                widget=forms.DateInput({"type": "date"}),
                required=False,
            )
            for name, label in zip(one.parameters, labels, strict=True)
        }
    if isinstance(one, Picked):
        picker = CompanyPicker(or_none=True, label=one.label, help_text=one.help, required=False)
        picker.widget.chosen = Choice(on.get(one.name, ""), typed) if typed else None
        return {one.name: picker}
    help_text = one.help if isinstance(one, Text) else ""
    return {one.name: forms.CharField(label=one.label, help_text=help_text, required=False)}


class ColumnsForm(forms.Form):
    """Which columns are shown; those that are shown come first, in their order."""

    columns = forms.MultipleChoiceField(
        label=_("Columns beside the name"), widget=forms.CheckboxSelectMultiple, required=False
    )

    def __init__(self, listing: Listing, data: Any = None) -> None:
        super().__init__(data, initial={"columns": listing.shown})
        known = columns(listing.definitions)
        names = [*listing.shown, *(name for name in known if name not in listing.shown)]
        field: Any = self.fields["columns"]
        field.choices = [(name, known[name].label) for name in names]


class SavedViewForm(ViewForm):
    """Name and audience of a view, and whether the list opens with it for this agent."""

    is_default = forms.BooleanField(label=_("Open the list with it"), required=False)

    class Meta:
        model = SavedView
        fields = ("name", "is_shared")
        labels = {"is_shared": _("Share with all agents")}

    def __init__(self, *args: Any, may_share: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not may_share:
            del self.fields["is_shared"]

    def clean_name(self) -> str:
        """Each name once among the owner's."""
        name: str = self.cleaned_data["name"]
        others = SavedView.objects.filter(owner=self.instance.owner_id, name=name)
        if others.exclude(pk=self.instance.pk).exists():
            raise forms.ValidationError(_("You have a view of this name already. Choose another name."))
        return name

    def clean(self) -> dict[str, Any] | None:
        """The list must fit."""
        if len(self.instance.query) > LONGEST:
            raise forms.ValidationError(TOO_LONG)
        return super().clean()
