"""Where the target differs from what the directory believes of it: named by externalId and attribute only."""

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from deskscim.provisioning.simulator import mapping
from deskscim.provisioning.simulator.directory import Person


class Difference(NamedTuple):
    """One attribute of one person that is not as believed; `when` says at which moment it was seen."""

    external_id: str
    attribute: str
    when: str

    def __str__(self) -> str:
        return f"{self.external_id}: {self.attribute} ({self.when})"


def compare_person(person: Person, resource: Mapping[str, Any] | None, when: str) -> list[Difference]:
    """Compare a linked person with the resource that the target answered, if it did."""
    if resource is None:
        return [Difference(person.object_id, "is missing", when)]
    found = mapping.flatten(resource)
    attributes = mapping.differing(person.believed, found, sorted({*person.believed, *found}))
    if resource.get("id") != person.target_id:
        attributes.insert(0, "id")
    return [Difference(person.object_id, attribute, when) for attribute in attributes]


def compare_directory(people: Iterable[Person], resources: Iterable[Mapping[str, Any]]) -> list[Difference]:
    """Compare everybody with all that the target lists: nobody may be missing, unknown or twice there."""
    when = "at the end"
    remaining = {person.object_id: person for person in people if person.target_id}
    differences: list[Difference] = []
    for resource in resources:
        external_id = str(resource.get(mapping.EXTERNAL_ID))
        if person := remaining.pop(external_id, None):
            differences += compare_person(person, resource, when)
        else:
            differences.append(Difference(external_id, "should not be listed, or not twice", when))
    return differences + [Difference(external_id, "is missing", when) for external_id in remaining]
