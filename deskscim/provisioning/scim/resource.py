"""A User resource as plain data: read from a body, written to by paths.

The canonical form has the table's names and nothing else: `{"displayName": ..., "name": {"givenName": ...},
"emails": [{"value": ..., "type": ..., "primary": ...}], "urn:...": {"department": ...}}`. A single value that
was sent empty is None there, an emptied list is []; what was not sent is absent.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from . import values
from .errors import InvalidPath, InvalidValue, NoTarget
from .schema import CORE_KEY, PHONE_COLUMNS, CustomField, Place, children
from .selection import Selection, resolve
from .values import Entry

Resource = dict[str, Any]
Fields = Mapping[str, CustomField]

PHONE_PATHS: Mapping[str, str] = {kind: f"phoneNumbers[{kind}]" for kind in PHONE_COLUMNS}


@dataclass(frozen=True, slots=True)
class Written:
    """A resource after a client wrote to it.

    `ignored` counts the attributes that are not kept (R9). `sent` names those that the request touched (R24,
    R25, R32): "displayName", "name.givenName", "emails", "phoneNumbers[work]", "urn:...:User:cf_x". With
    `says_primary` a list of addresses came that says itself which of them is primary, or that none is (R20).
    """

    resource: Resource
    ignored: int
    sent: frozenset[str]
    says_primary: bool = False


def normalise(body: Mapping[str, Any], fields: Fields) -> Written:
    """The body of a POST or PUT in canonical form. Raises InvalidValue.

    Names come in any case, dotted, behind their URN or nested under it (R8, R10, R21). Of the phone numbers
    only those that come are `sent` (R14), though the list may be sent empty. An empty `active` says nothing.
    """
    draft = Draft({}, fields)
    draft.write_all(body)
    came = {PHONE_PATHS[one["type"]] for one in draft.resource.get("phoneNumbers", ())}
    draft.sent -= {*PHONE_PATHS.values()} - came
    if draft.resource.get("active", "") is None:
        del draft.resource["active"]
        draft.sent.discard("active")
    return draft.written()


class Draft:
    """A resource being written to. The one that it starts from is not touched."""

    def __init__(self, resource: Mapping[str, Any], fields: Fields) -> None:
        self.resource: Resource = {
            name: dict(value) if isinstance(value, dict) else value for name, value in resource.items()
        }
        self.fields = fields
        self.ignored = 0
        self.sent: set[str] = set()
        self.says_primary = False

    def written(self) -> Written:
        """What has come of it."""
        return Written(self.resource, self.ignored, frozenset(self.sent), self.says_primary)

    def write_all(self, members: Mapping[str, Any], *, add: bool = False) -> None:
        """Write an object whose names are paths. One that is no path is an unknown attribute (R9)."""
        for name, value in members.items():
            if name.lower() == CORE_KEY and isinstance(value, Mapping):
                for inner, inner_value in value.items():
                    self._write_member(inner, inner_value, add)
            else:
                self._write_member(name, value, add)

    def _write_member(self, name: str, value: object, add: bool) -> None:
        try:
            self.write(resolve(name, self.fields), value, add=add)
        except InvalidPath:
            self.ignored += 1

    def write(self, target: Place | Selection | None, value: object, *, add: bool = False) -> None:
        """Write `value` to a resolved path. Raises InvalidValue, NoTarget."""
        if target is None:
            self.ignored += 1
        elif isinstance(target, Selection):
            self._write_selected(target, value)
        elif target.is_read_only:
            return
        elif target.is_complex:
            self._write_complex(target, value, add)
        elif target.attribute.multi_valued:
            self._write_list(target, value, add)
        else:
            self._set(target, values.single(target, value))

    def _set(self, place: Place, value: object) -> None:
        holder = self.resource.setdefault(place.container, {}) if place.container else self.resource
        holder[place.attribute.name] = value
        self.sent.add(place.path)

    def _write_complex(self, place: Place, value: object, add: bool) -> None:
        """Sub-attributes that are not in `value` stay (RFC 7644 3.5.2.3); without a value all are cleared."""
        if values.is_empty(value):
            for path in children(place, self.fields):
                self._write_member(path, None, add)
        elif isinstance(value, Mapping):
            for name, inner in value.items():
                self._write_member(place.child_path(name), inner, add)
        else:
            raise InvalidValue(f"{place.path} must be an object.")

    def _write_list(self, place: Place, value: object, add: bool) -> None:
        """RFC 7644 3.5.2.1, 3.5.2.3. What is added takes the place of its type: there is one work address."""
        new, ignored = values.entries(place, value)
        self.ignored += ignored
        self.says_primary |= any("primary" in one for one in new)
        if add:
            self._keep(place, values.merged(self.entries(place), new), new)
        else:
            self._keep(place, new, [{"type": kind} for kind in PHONE_PATHS])

    def _write_selected(self, selection: Selection, raw: object) -> None:
        """Change the elements that match, or create the one that the filter describes (R21)."""
        before = self.entries(selection.place)
        changed = {id(one): _changed(selection, one, raw) for one in before if selection.matches(one)}
        if not changed:
            self._create(selection, raw)
            return
        after = [changed.get(id(one), one) for one in before]
        preferred = next((one for one in changed.values() if one.get("primary")), None)
        touched = [one for one in before if id(one) in changed] + [*changed.values()]
        self._keep(
            selection.place, [one for one in values.one_primary(after, preferred) if "value" in one], touched
        )

    def _create(self, selection: Selection, raw: object) -> None:
        """An element that is to be emptied, and is not there, is empty already."""
        before = self.entries(selection.place)
        if selection.seed:
            new = _changed(selection, selection.seed, raw)
            self._keep(selection.place, values.merged(before, [new] if "value" in new else []), [new])
        elif not values.is_empty(raw):
            raise NoTarget(f"The filter of a path on {selection.place.path} finds nothing.")

    def entries(self, place: Place) -> list[Entry]:
        """The elements of a multi-valued attribute."""
        return self.resource.get(place.path) or []

    def _keep(self, place: Place, after: list[Entry], touched: Iterable[Entry]) -> None:
        """Put the list in place, and note which elements were written to."""
        self.resource[place.path] = after
        if place.path == "phoneNumbers":
            self.sent |= {PHONE_PATHS[one["type"]] for one in touched}
        else:
            self.sent.add(place.path)


def _changed(selection: Selection, base: Entry, raw: object) -> Entry:
    """The element `base` with what was sent; what was sent empty is gone from it."""
    value = values.unwrap(raw)
    if selection.sub_attribute or not isinstance(value, Mapping):
        value = {selection.sub_attribute or "value": value}
    entry = values.entry(selection.place, base | values.lowered(value))
    if not values.has_room(selection.place, entry.get("type", "")):
        entry["type"] = base["type"]
    return entry
