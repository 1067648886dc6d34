"""The attribute table: what a SCIM User is here, and where each attribute is kept (R7 to R10).

Writing, filters and discovery all read this table. It knows columns by their names only and imports no model.
`manager` and the other attributes of RFC 7643 that a helpdesk contact does not have are accepted and ignored
(R9); they are not announced, since announcing them would promise to keep them.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

CORE_USER = "urn:ietf:params:scim:schemas:core:2.0:User"
ENTERPRISE_USER = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
CUSTOM_FIELDS = "urn:ietf:params:scim:schemas:extension:desk365ContactCustomFields:2.0:User"

LIST_RESPONSE = "urn:ietf:params:scim:api:messages:2.0:ListResponse"
SEARCH_REQUEST = "urn:ietf:params:scim:api:messages:2.0:SearchRequest"
BULK_RESPONSE = "urn:ietf:params:scim:api:messages:2.0:BulkResponse"
ERROR = "urn:ietf:params:scim:api:messages:2.0:Error"

COMPANY_NAME = "companyName"  # R39: taken under the custom-field URN in three spellings, kept as this one
_COMPANY_SPELLINGS = frozenset({"company", "companyname", "company_name"})

PHONE_COLUMNS: Mapping[str, str] = {"work": "phone", "mobile": "mobile"}
EMAIL_TYPES = ("work", "home", "other")


@dataclass(frozen=True, slots=True)
class Attribute:
    """One attribute with its characteristics (RFC 7643 7) and the contact column that keeps it."""

    name: str
    description: str
    type: str = "string"
    announced_type: str = ""  # in /Schemas, where it is another than the one that filters compare by
    column: str = ""  # "": kept nowhere
    key_column: str = ""  # the normalised column by which it compares (R8)
    max_length: int = 255
    multi_valued: bool = False
    # A user always has one (RFC 7644 3.5.2.2: it cannot be removed). Where a client sends none the server has
    # a value of its own, except for userName (R16); Entra's schema test leaves such attributes alone.
    required: bool = False
    case_exact: bool = False
    mutability: str = "readWrite"
    returned: str = "default"
    uniqueness: str = "none"
    canonical_values: tuple[str, ...] = ()
    reference_types: tuple[str, ...] = ()
    sub_attributes: tuple["Attribute", ...] = ()


@dataclass(frozen=True, slots=True)
class CustomField:
    """An active contact field (R12), as plain data."""

    api_name: str
    label: str
    type: str
    options: tuple[str, ...] = ()
    required: bool = False


@dataclass(frozen=True, slots=True)
class Place:
    """Where an attribute stands in a resource: at the top (container "") or in what the container names."""

    path: str
    container: str
    attribute: Attribute

    @property
    def is_read_only(self) -> bool:
        """RFC 7643 2.2: what a client says of it is ignored."""
        return self.attribute.mutability == "readOnly"

    @property
    def is_complex(self) -> bool:
        """A single-valued complex attribute, or a whole extension."""
        return self.attribute.type == "complex" and not self.attribute.multi_valued

    def child_path(self, name: str) -> str:
        """The path of `name` inside: after a dot in a complex attribute, after a colon in an extension."""
        return f"{self.path}{':' if self.path.startswith('urn:') else '.'}{name}"


COMMON_ATTRIBUTES = (
    Attribute(
        "schemas",
        "The URNs of the schemas that the resource uses.",
        type="reference",
        multi_valued=True,
        required=True,
        case_exact=True,
        mutability="readOnly",
        returned="always",
        reference_types=("uri",),
    ),
    Attribute(
        "id",
        "The identifier of the contact; opaque and stable.",
        column="id",
        case_exact=True,
        mutability="readOnly",
        returned="always",
        uniqueness="server",
    ),
    Attribute(
        "externalId",
        "The user's identifier in Entra ID.",
        column="external_id",
        case_exact=True,
        uniqueness="server",
    ),
    Attribute(
        "meta",
        "About the resource itself.",
        type="complex",
        mutability="readOnly",
        sub_attributes=(
            Attribute("resourceType", "The kind of resource.", mutability="readOnly", case_exact=True),
            Attribute(
                "created", "When it was created.", type="dateTime", column="created_at", mutability="readOnly"
            ),
            Attribute(
                "lastModified",
                "When it last changed.",
                type="dateTime",
                column="updated_at",
                mutability="readOnly",
            ),
            Attribute(
                "location", "Its address.", type="reference", mutability="readOnly", reference_types=("uri",)
            ),
            Attribute(
                "version", "The entity tag of its present state.", mutability="readOnly", case_exact=True
            ),
        ),
    ),
)

USER_ATTRIBUTES = (
    Attribute(
        "userName",
        "The user principal name.",
        column="user_name",
        key_column="user_name_key",
        required=True,
        uniqueness="server",
    ),
    Attribute(
        "name",
        "The parts of the name.",
        type="complex",
        sub_attributes=(
            Attribute("formatted", "The whole name, kept as it comes.", column="formatted_name"),
            Attribute("givenName", "The given name.", column="given_name"),
            Attribute("familyName", "The family name.", column="family_name"),
        ),
    ),
    Attribute(
        "displayName",
        "The name that agents see; made from the name or the userName when it does not come.",
        column="name",
        required=True,
    ),
    Attribute("title", "The job title.", column="title"),
    Attribute(
        "active",
        "False moves the contact to Deleted Contacts, true restores it; true when it does not come.",
        type="boolean",
        column="deleted_at",
        required=True,
    ),
    Attribute(
        "emails",
        "The e-mail addresses. The work address is the contact's primary one.",
        type="complex",
        column="addresses",
        multi_valued=True,
        sub_attributes=(
            Attribute(
                "value",
                "The address.",
                column="address",
                key_column="address_key",
                max_length=254,
                required=True,
            ),
            Attribute(
                "type",
                "What it is for.",
                column="scim_type",
                key_column="scim_type",  # kept in lower case
                canonical_values=EMAIL_TYPES,
            ),
            Attribute("primary", "Whether it is the preferred one.", type="boolean", column="is_primary"),
        ),
    ),
    Attribute(
        "phoneNumbers",
        "The work and the mobile number, kept as they come.",
        type="complex",
        multi_valued=True,
        sub_attributes=(
            Attribute("value", "The number.", max_length=100, required=True),
            Attribute("type", "Which of the two.", canonical_values=tuple(PHONE_COLUMNS)),
        ),
    ),
)

ENTERPRISE_ATTRIBUTES = (
    Attribute("employeeNumber", "The employee number.", column="employee_number"),
    Attribute("organization", "The organization; it can name the contact's company.", column="organization"),
    Attribute("department", "The department.", column="department"),
)

EXTENSIONS = (
    Attribute(ENTERPRISE_USER, "Enterprise User", type="complex", sub_attributes=ENTERPRISE_ATTRIBUTES),
    Attribute(CUSTOM_FIELDS, "Contact fields", type="complex"),
)

# RFC 7643 4.1, 4.3: known names of what a contact does not have. A filter on them finds nobody.
_NOT_STORED = re.compile(
    r"""(nickName|profileUrl|userType|preferredLanguage|locale|timezone|password|ims|photos|addresses|groups
    |entitlements|roles|x509Certificates|costCenter|division|manager)(\..+)?
    |name\.(middleName|honorificPrefix|honorificSuffix)|emails\.display|phoneNumbers\.(display|primary)""",
    re.IGNORECASE | re.VERBOSE,
)

_TYPE_OF_FIELD: Mapping[str, str] = {
    "checkbox": "boolean",
    "date": "date",
    "number": "integer",
    "decimal": "decimal",
    "url": "reference",
}


# What a client must know of a field's values and the types of RFC 7643 2.3 cannot say (R10).
_FORM_OF_FIELD: Mapping[str, str] = {
    "date": "a date such as 2026-05-31; a time behind it is cut off",
    "number": "a whole number from -999,999,999 to 999,999,999",
    "decimal": "a number with two decimal places, such as 12.50",
    "url": "a web address that begins with http:// or https://",
}


def custom_attribute(field: CustomField) -> Attribute:
    """The attribute that announces a contact field (R10).

    A date is a string, since it has no time and no zone; so is a decimal, which keeps both its places.
    """
    form = _FORM_OF_FIELD.get(field.type)
    return Attribute(
        field.api_name,
        f"{field.label}: {form}" if form else field.label,
        type=_TYPE_OF_FIELD.get(field.type, "string"),
        announced_type="string" if field.type in ("date", "decimal") else "",
        column="custom_fields",
        canonical_values=tuple(field.options),
        reference_types=("external",) if field.type == "url" else (),
    )


def _places(attributes: tuple[Attribute, ...], parent: Place | None = None) -> Iterator[Place]:
    for attribute in attributes:
        path = parent.child_path(attribute.name) if parent else attribute.name
        place = Place(path, parent.path if parent else "", attribute)
        yield place
        yield from _places(attribute.sub_attributes, place)


PLACES: Mapping[str, Place] = {
    place.path.lower(): place for place in _places(COMMON_ATTRIBUTES + USER_ATTRIBUTES + EXTENSIONS)
}
TEXT_PLACES = tuple(
    place
    for place in PLACES.values()
    if place.attribute.type == "string"
    and place.attribute.column
    and not place.is_read_only
    and place.container != "emails"
)
COMPANY_ATTRIBUTE = Attribute(
    COMPANY_NAME,
    "The name of the contact's company; it outranks the organization and the e-mail domain.",
    column="custom_fields",
)
_COMPANY_PLACE = Place(f"{CUSTOM_FIELDS}:{COMPANY_NAME}", CUSTOM_FIELDS, COMPANY_ATTRIBUTE)

CORE_KEY = CORE_USER.lower()
_CORE_PREFIX = CORE_KEY + ":"
_CUSTOM_PREFIX = CUSTOM_FIELDS.lower() + ":"
_URN_PREFIX = re.compile(f"({CORE_USER}|{ENTERPRISE_USER}):", re.IGNORECASE)


def find(path: str, fields: Mapping[str, CustomField]) -> Place | None:
    """The attribute at `path` (a name, `name.sub`, `URN:name` or a URN, in any case: R8), None when unknown.

    The URN is taken off before dots mean anything, since it holds one itself (R21).
    """
    lower = path.lower().removeprefix(_CORE_PREFIX)
    if lower.startswith(_CUSTOM_PREFIX):
        return _custom_place(lower.removeprefix(_CUSTOM_PREFIX), fields)
    return PLACES.get(lower)


def _custom_place(name: str, fields: Mapping[str, CustomField]) -> Place | None:
    if name in _COMPANY_SPELLINGS:
        return _COMPANY_PLACE
    if name not in fields:
        return None
    return Place(f"{CUSTOM_FIELDS}:{name}", CUSTOM_FIELDS, custom_attribute(fields[name]))


def is_known_but_not_stored(path: str) -> bool:
    """Whether RFC 7643 defines the attribute at `path` and a contact does not have it."""
    return _NOT_STORED.fullmatch(_URN_PREFIX.sub("", path, count=1)) is not None


def children(place: Place, fields: Mapping[str, CustomField]) -> Iterator[str]:
    """The paths of what is inside a complex attribute or an extension."""
    if place.path == CUSTOM_FIELDS:
        names = [*fields, COMPANY_NAME]
    else:
        names = [attribute.name for attribute in place.attribute.sub_attributes]
    return map(place.child_path, names)
