"""Many writes in one request (RFC 7644 3.7): each as good as a request of its own."""

from typing import Any

import pytest

from contacts.models import Contact, TimelineEntry
from deskscim.provisioning.models import LogEntry
from deskscim.provisioning.scim import limits

from .conftest import ENTERPRISE, PATCH_OP, Scim, fresh, person, refusal

pytestmark = pytest.mark.django_db

REQUEST = "urn:ietf:params:scim:api:messages:2.0:BulkRequest"
RESPONSE = "urn:ietf:params:scim:api:messages:2.0:BulkResponse"
NOBODY = "/Users/00000000-0000-0000-0000-000000000000"

Operation = dict[str, Any]


def send(scim: Scim, *operations: Any, **members: Any) -> Any:
    """POST /Bulk."""
    return scim.send("POST", "/Bulk", {"schemas": [REQUEST], "Operations": operations, **members})


def results(scim: Scim, *operations: Operation, **members: Any) -> list[dict[str, Any]]:
    """The results of a Bulk that is carried out; the shape of each is checked."""
    answer = send(scim, *operations, **members)
    assert answer.status_code == 200, answer.content
    assert answer.headers["Content-Type"] == "application/scim+json"
    body = answer.json()
    assert body["schemas"] == [RESPONSE]
    for one in body["Operations"]:
        failed = int(one["status"]) >= 300
        assert ("response" in one) is failed
        assert ("location" in one) is not (failed and one["method"] == "POST")
        if failed:
            assert one["response"]["status"] == one["status"]
            assert one["response"]["detail"]
    found: list[dict[str, Any]] = body["Operations"]
    return found


def statuses(scim: Scim, *operations: Operation, **members: Any) -> list[str]:
    return [one["status"] for one in results(scim, *operations, **members)]


def post(login: str, bulk_id: str | None = None, **attributes: Any) -> Operation:
    data = person(login=login, externalId=login, **attributes)
    return {"method": "POST", "path": "/Users", "bulkId": bulk_id or login, "data": data}


def patch(path: str, value: str = "Chef", **members: Any) -> Operation:
    operations = [{"op": "replace", "path": "title", "value": value}]
    return {
        "method": "PATCH",
        "path": path,
        "data": {"schemas": [PATCH_OP], "Operations": operations},
        **members,
    }


def log() -> list[tuple[str, str, int, str]]:
    """The entries since the beginning, oldest first."""
    entries = LogEntry.objects.order_by("id")
    return list(entries.values_list("method", "action", "status", "reason"))


def test_each_verb_does_what_its_request_does(scim: Scim) -> None:
    """RFC 7644 3.7: status as a string, location and version; the bulkId comes back."""
    ann, bea, cai, dan = (scim.created(login=name, title="Baker") for name in ("ann", "bea", "cai", "dan"))
    TimelineEntry.objects.all().delete()
    LogEntry.objects.all().delete()
    found = results(
        scim,
        post("eve", "qwerty"),
        {"method": "PUT", "path": f"/Users/{ann.pk}", "data": person(login="ann", title="Cook")},
        patch(f"/Users/{bea.pk}"),
        {"method": "DELETE", "path": f"/Users/{cai.pk}"},
        patch(f"/Users/{dan.pk}", dan.title),
    )
    eve = Contact.objects.get(external_id="eve")
    base = "http://testserver/entra/Users"
    assert found == [
        {
            "method": "POST",
            "bulkId": "qwerty",
            "status": "201",
            "location": f"{base}/{eve.pk}",
            "version": 'W/"1"',
        },
        {"method": "PUT", "status": "200", "location": f"{base}/{ann.pk}", "version": 'W/"2"'},
        {"method": "PATCH", "status": "200", "location": f"{base}/{bea.pk}", "version": 'W/"2"'},
        {"method": "DELETE", "status": "204", "location": f"{base}/{cai.pk}"},
        {"method": "PATCH", "status": "200", "location": f"{base}/{dan.pk}", "version": 'W/"1"'},
    ]
    assert (fresh(ann).title, fresh(bea).title, fresh(cai).connection) == ("Cook", "Chef", None)
    assert log() == [
        ("POST", "created", 201, ""),
        ("PUT", "updated", 200, ""),
        ("PATCH", "updated", 200, ""),
        ("DELETE", "deleted", 204, ""),
        ("PATCH", "nothing", 200, ""),
    ]
    assert TimelineEntry.objects.count() == 4


def test_a_failure_keeps_nobody_else_from_being_written(scim: Scim, other: Scim) -> None:
    """RFC 7644 3.7: as many changes as possible. Each failure with its SCIM error and its own log entry."""
    ann = scim.created(login="ann", externalId="ann")
    stranger = other.created()
    LogEntry.objects.all().delete()
    found = results(
        scim,
        post("ann"),
        post("bea", userName=""),
        patch(f"/Users/{ann.pk}", "x" * 300),
        patch(f"/Users/{stranger.pk}"),
        patch(NOBODY),
        {"method": "POST", "path": "/Groups", "bulkId": "g", "data": {"displayName": "Cooks"}},
        {"method": "DELETE", "path": "/Groups/1"},
        {"method": "PUT", "path": "/Nothing/1", "data": {}},
        {"method": "POST", "path": f"/Users/{ann.pk}", "bulkId": "p", "data": {}},
        {"method": "DELETE", "path": "/Users"},
        {"method": "POST", "path": "/Users", "data": person()},
        {"method": "POST", "path": "/Users", "bulkId": "d"},
        {"method": "PATCH", "path": f"/Users/{ann.pk}", "data": []},
        post("cai"),
    )
    expected = [409, 400, 400, 404, 404, 501, 501, 404, 405, 405, 400, 400, 400, 201]
    assert [int(one["status"]) for one in found] == expected
    types = [one["response"].get("scimType") for one in found[:-1]]
    assert types[:3] == ["uniqueness", "invalidValue", "invalidValue"]
    assert types[-3:] == ["invalidValue", "invalidSyntax", "invalidSyntax"]
    assert [status for _, _, status, _ in log()] == expected
    assert Contact.objects.linked_to(scim.connection.pk).count() == 2
    assert (fresh(ann).title, fresh(stranger).version) == ("", 1)
    assert fresh(ann).sync_status == "error"


@pytest.mark.parametrize(("accepted", "tried"), [(1, 2), (2, 4), (3, 5), (9, 5), (None, 5)])
def test_it_stops_at_as_many_errors_as_are_accepted(scim: Scim, accepted: int | None, tried: int) -> None:
    """failOnErrors: what was done until then stays, and is answered."""
    operations = [post("ann"), patch(NOBODY), post("bea"), patch(NOBODY), post("cai")]
    found = results(scim, *operations, failOnErrors=accepted)
    assert [one["status"] for one in found] == ["201", "404", "201", "404", "201"][:tried]
    assert Contact.objects.count() == len([one for one in found if one["status"] == "201"])


class TestVersions:
    def test_an_operation_may_insist_on_one(self, scim: Scim, ann: Contact) -> None:
        """RFC 7644 3.7, 3.14: `version` is the operation's If-Match."""
        path = f"/Users/{ann.pk}"
        found = results(
            scim,
            patch(path, "one", version='W/"1"'),
            patch(path, "late", version='W/"1"'),
            {"method": "DELETE", "path": path, "version": '"7"'},
            patch(path, "broken", version="2"),
            patch(path, "two", version='W/"2"'),
        )
        assert [one["status"] for one in found] == ["200", "412", "412", "400", "200"]
        assert (fresh(ann).title, fresh(ann).version) == ("two", 3)

    def test_the_headers_of_the_request_are_not_its_operations(self, scim: Scim, ann: Contact) -> None:
        """If-Match speaks of the target of the request, which is /Bulk."""
        body = {"Operations": [patch(f"/Users/{ann.pk}")]}
        answer = scim.send("POST", "/Bulk", body, **{"If-Match": '"7"', "If-None-Match": "*"})
        assert answer.json()["Operations"][0]["status"] == "200"


class TestReferences:
    def test_a_user_that_was_just_created(self, scim: Scim) -> None:
        """RFC 7644 3.7.2: in the path."""
        assert statuses(scim, post("ann", "x"), patch("/Users/bulkId:x")) == ["201", "200"]
        assert Contact.objects.get().title == "Chef"

    def test_a_user_that_is_created_later(self, scim: Scim) -> None:
        """What refers waits; the results keep the order of the operations."""
        operations = [
            {"method": "DELETE", "path": "/Users/bulkId:x"},
            patch("/Users/bulkId:x"),
            post("ann", "x", **{ENTERPRISE: {"manager": {"value": "bulkId:boss"}}}),
            post("bea", "boss"),
        ]
        found = results(scim, *operations)
        assert [(one["method"], one["status"]) for one in found] == [
            ("DELETE", "204"),
            ("PATCH", "404"),
            ("POST", "201"),
            ("POST", "201"),
        ]
        assert found[0]["location"] == found[2]["location"]

    def test_in_the_data_at_any_depth(self, scim: Scim) -> None:
        """The id takes the place of the whole reference."""
        second = post("bea", title="bulkId:x", name={"givenName": "bulkId:x", "familyName": "no bulkId:x"})
        (first, _) = results(scim, post("ann", "x"), second)
        bea = Contact.objects.get(external_id="bea")
        user_id = first["location"].rpartition("/")[2]
        assert (bea.title, bea.given_name, bea.family_name) == (user_id, user_id, "no bulkId:x")

    def test_a_user_that_could_not_be_created(self, scim: Scim, ann: Contact) -> None:
        """409 for whoever waits for it, and for whoever waits for those."""
        manager = {"manager": {"value": "bulkId:x"}}
        found = results(
            scim,
            post("bea", "x", userName=""),
            patch("/Users/bulkId:x"),
            post("cai", "y", **{ENTERPRISE: manager}),
            patch("/Users/bulkId:y"),
        )
        assert [one["status"] for one in found] == ["400", "409", "409", "409"]
        assert Contact.objects.get() == ann
        assert [entry[3] for entry in log()[-3:]] == ["reference_unresolved"] * 3

    def test_nobody_has_that_bulk_id(self, scim: Scim, ann: Contact) -> None:
        """400; a bulkId of anything but a POST is none to refer to."""
        found = results(
            scim,
            patch("/Users/bulkId:nobody"),
            patch(f"/Users/{ann.pk}", bulkId="z"),
            patch("/Users/bulkId:z"),
            post("bea", title="bulkId:"),
        )
        assert [one["status"] for one in found] == ["400", "200", "400", "400"]
        assert found[1]["bulkId"] == "z"

    def test_circles(self, scim: Scim) -> None:
        """RFC 7644 3.7.1: 409."""
        manager = [{ENTERPRISE: {"manager": {"value": f"bulkId:{name}"}}} for name in "xyz"]
        found = statuses(
            scim,
            post("ann", "x", **manager[1]),
            post("bea", "y", **manager[0]),
            post("cai", "z", **manager[2]),
            post("dan"),
        )
        assert found == ["409", "409", "409", "201"]


@pytest.mark.parametrize(
    ("body", "status", "scim_type"),
    [
        ({}, 400, "invalidSyntax"),
        ({"Operations": []}, 400, "invalidSyntax"),
        ({"Operations": {}}, 400, "invalidSyntax"),
        ({"Operations": [1]}, 400, "invalidSyntax"),
        ({"Operations": [post("a"), "x"]}, 400, "invalidSyntax"),
        ({"Operations": [post("a"), {"method": 5}]}, 400, "invalidSyntax"),
        ({"Operations": [post("a"), {"method": "GET", "path": NOBODY}]}, 400, "invalidSyntax"),
        ({"Operations": [post("a"), {"path": NOBODY}]}, 400, "invalidSyntax"),
        ({"Operations": [post("a"), {"method": "POST", "path": ["/Users"]}]}, 400, "invalidSyntax"),
        ({"Operations": [post("a"), post("b") | {"bulkId": 5}]}, 400, "invalidSyntax"),
        ({"Operations": [post("a"), patch(NOBODY, version=1)]}, 400, "invalidSyntax"),
        ({"Operations": [post("a", "x"), post("b", "x")]}, 400, "invalidValue"),
        ({"Operations": [post("a")], "failOnErrors": 0}, 400, "invalidValue"),
        ({"Operations": [post("a")], "failOnErrors": -1}, 400, "invalidValue"),
        ({"Operations": [post("a")], "failOnErrors": "1"}, 400, "invalidValue"),
        ({"Operations": [post("a")], "failOnErrors": True}, 400, "invalidValue"),
        ({"Operations": [patch(NOBODY)] * (limits.BULK_OPERATIONS + 1)}, 413, ""),
        ({"Operations": [post("a", title="x" * limits.BODY)]}, 413, ""),
    ],
    ids=range(18),
)
def test_a_bulk_that_cannot_be_carried_out_does_nothing(
    scim: Scim, body: dict[str, Any], status: int, scim_type: str
) -> None:
    """Refused as a whole, before anything is done; logged once, as nobody's."""
    answer = scim.send("POST", "/Bulk", body)
    assert refusal(answer) == (status, scim_type)
    assert Contact.objects.count() == 0
    assert [(method, action) for method, action, _, _ in log()] == [("BULK", "nothing")]
    if status == 413:
        assert str(limits.BULK_OPERATIONS) in answer.json()["detail"] or "bytes" in answer.json()["detail"]


def test_names_come_in_any_case(scim: Scim) -> None:
    """R8."""
    operation = {"METHOD": "post", "Path": "/Users/", "bulkID": "x", "Data": person()}
    answer = scim.send("POST", "/Bulk", {"operations": [operation], "FAILONERRORS": 1})
    assert [one["status"] for one in answer.json()["Operations"]] == ["201"]


@pytest.mark.parametrize("method", ["GET", "PUT", "PATCH", "DELETE", "OPTIONS"])
def test_other_verbs(scim: Scim, method: str) -> None:
    """405."""
    answer = scim.send(method, "/Bulk", {})
    assert (refusal(answer), answer.headers["Allow"]) == ((405, ""), "POST")


def test_a_contact_that_is_only_in_the_helpdesk_is_linked(scim: Scim, other: Scim) -> None:
    """R14, R28: the same code decides as for a single request."""
    ann = other.created(login="ann")
    other.delete(ann.pk)
    (found,) = results(scim, post("ann"))
    assert found["location"].endswith(str(ann.pk))
    assert fresh(ann).connection == scim.connection
    assert LogEntry.objects.latest("id").action == "linked"


def test_the_most_operations_that_there_may_be(scim: Scim) -> None:
    """All of them wait for the two that come last."""
    count = limits.BULK_OPERATIONS
    chain = [patch(f"/Users/bulkId:{number % 2}") for number in range(count - 2)]
    assert set(statuses(scim, *chain, post("ann", "0"), post("bea", "1"))) == {"200", "201"}
    assert len(log()) == count
