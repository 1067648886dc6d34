"""Accounts > Contacts: filters, the chips that show them, and addresses that cannot be read."""

from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

import pytest
from django.http import QueryDict
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from contacts.listing import Listing
from contacts.models import Contact, SyncStatus
from tests.factories import CompanyFactory, ConnectionFactory, ContactFactory, ContactFieldFactory

from .page import rows, text

URL = reverse("contacts:list")
NOW = timezone.now()
TODAY, YESTERDAY, TOMORROW = (f"{NOW + timedelta(days=days):%Y-%m-%d}" for days in (0, -1, 1))


def found(client: Client, **parameters: Any) -> list[str]:
    """The names that the list shows under this address."""
    return rows(client.get(f"{URL}?{urlencode(parameters, doseq=True)}"))


class TestWhatIsFound:
    def test_by_company(self, agent_client: Client) -> None:
        northwind, _ = CompanyFactory(name="Northwind"), CompanyFactory(name="Contoso")
        ContactFactory(name="In", company=northwind)
        ContactFactory(name="Out")
        for name in (northwind.pk, "northWIND", "north"):
            assert found(agent_client, company=name) == ["In"]
        for none in ("-", "none", "no company"):
            assert found(agent_client, company=none) == ["Out"]

    @pytest.mark.parametrize(
        ("words", "names"),
        [
            ("Northwind", ["In"]),
            ("conto", ["There"]),
            ("No company", ["Out"]),
            ("", ["In", "Out", "There"]),
        ],
    )
    def test_by_words_typed_over_the_company_of_before(
        self, agent_client: Client, words: str, names: list[str]
    ) -> None:
        """Without script the form sends the company that was on, whatever is typed over its name."""
        northwind, contoso = CompanyFactory(name="Northwind"), CompanyFactory(name="Contoso")
        ContactFactory(name="In", company=northwind)
        ContactFactory(name="There", company=contoso)
        ContactFactory(name="Out")
        assert found(agent_client, company=northwind.pk, company_text=words) == names
        assert found(agent_client, company="", company_text=words) == names

    def test_by_domain(self, agent_client: Client) -> None:
        """R38: in any spelling."""
        ContactFactory(name="In", emails=["in@xn--mller-kva.example"])
        ContactFactory(name="Out")
        assert found(agent_client, domain="Müller.Example") == ["In"]

    @pytest.mark.parametrize("tab", ["all", "deleted"])
    @pytest.mark.parametrize("status", SyncStatus.values)
    def test_by_the_word_that_the_row_shows(self, agent_client: Client, status: str, tab: str) -> None:
        """R42: the filter and the badge are of one opinion."""
        tenant = ConnectionFactory()
        for connection in (None, tenant):
            for deleted in (True, False):
                for entra_active in (True, False):
                    for failed in (None, NOW):
                        for unapplied in ([], ["cf_x"]):
                            ContactFactory(
                                deleted=deleted,
                                connection=connection,
                                entra_active=entra_active,
                                sync_failed_at=failed,
                                unapplied=unapplied,
                            )
        people = Contact.objects.deleted() if tab == "deleted" else Contact.objects.active()
        expected = {one.name for one in people if one.sync_status == status}
        assert set(found(agent_client, status=status, tab=tab)) == expected

    def test_by_several_words(self, agent_client: Client) -> None:
        tenant = ConnectionFactory()
        ContactFactory(name="Failed", connection=tenant, sync_failed_at=NOW)
        ContactFactory(name="Fine", connection=tenant)
        ContactFactory(name="Free")
        assert found(agent_client, status=["error", "not_synced"]) == ["Failed", "Free"]

    def test_by_verified_source_and_connection(self, agent_client: Client) -> None:
        linked = ContactFactory(name="Linked", linked=True)
        ContactFactory(name="Portal")
        for parameters in ({"verified": "yes"}, {"source": "entra"}, {"connection": linked.connection_id}):
            assert found(agent_client, **parameters) == ["Linked"]
        assert found(agent_client, verified="no", source="portal") == ["Portal"]

    @pytest.mark.parametrize("what", ["created", "updated", "synced"])
    def test_by_days(self, agent_client: Client, what: str) -> None:
        """The first and the last day are among them."""
        ContactFactory(name="Now", updated_at=NOW, last_synced_at=NOW)
        for parameters in (
            {"from": TODAY},
            {"to": TODAY},
            {"from": TODAY, "to": TODAY},
            {"from": YESTERDAY, "to": TOMORROW},
        ):
            assert found(agent_client, **{f"{what}_{end}": day for end, day in parameters.items()}) == ["Now"]
        assert found(agent_client, **{f"{what}_from": TOMORROW}) == []
        assert found(agent_client, **{f"{what}_to": YESTERDAY}) == []

    @pytest.mark.parametrize(
        ("kind", "value", "typed", "other"),
        [
            ("text", "North Pole", "pole", "south"),
            ("text", "NL", "NL", "N"),
            ("paragraph", "Likes tea", "TEA", "coffee"),
            ("url", "https://a.example/x", "a.example", "b.example"),
            ("checkbox", True, "yes", "no"),
            ("date", "2026-05-31", "2026-05-31", "2026-05-30"),
            ("number", 7, "7", "8"),
            ("decimal", "7.50", "7.5", "7"),
            ("dropdown", "EMEA", "EMEA", "APAC"),
        ],
    )
    def test_by_any_contact_field(
        self, agent_client: Client, kind: str, value: object, typed: str, other: str
    ) -> None:
        """R10: as its type reads it."""
        ContactFieldFactory(api_name="cf_x", type=kind, options=["EMEA", "APAC"])
        ContactFactory(name="In", custom_fields={"cf_x": value})
        ContactFactory(name="Out")
        assert found(agent_client, cf_x=typed) == ["In"]
        assert found(agent_client, cf_x=other) == []

    def test_by_the_end_of_a_long_text(self, agent_client: Client) -> None:
        """R10: a paragraph may have ten thousand characters."""
        ContactFieldFactory(api_name="cf_x", type="paragraph")
        ContactFactory(name="In", custom_fields={"cf_x": "many words " * 500 + "and the last"})
        assert found(agent_client, cf_x="the last") == found(agent_client, q="last") == ["In"]

    def test_all_of_them_have_to_fit(self, agent_client: Client) -> None:
        ContactFactory(name="Ann", linked=True)
        ContactFactory(name="Bob", linked=True)
        assert found(agent_client, q="ann", verified="yes", created_from=TODAY) == ["Ann"]

    def test_tabs_count_what_fits(self, agent_client: Client) -> None:
        ContactFactory(linked=True)
        ContactFactory(linked=True, deleted=True)
        ContactFactory(deleted=True)
        assert "All 1 Suspended 0 Deleted 1" in text(agent_client.get(URL, {"verified": "yes"}))


class TestChips:
    def test_each_says_what_is_on_and_leads_to_the_list_without_it(self, agent_client: Client) -> None:
        ContactFactory(linked=True)
        html = agent_client.get(URL, {"verified": "yes", "source": "entra", "q": "x"}).content.decode()
        assert "Verified: <strong>Yes</strong>" in html
        assert '<a href="?tab=all&amp;q=x&amp;source=entra" aria-label="Remove the filter Verified">' in html
        assert '<a class="link" href="?tab=all">Clear all</a>' in html

    def test_days_and_choices_are_told_in_words(self, agent_client: Client) -> None:
        page = agent_client.get(
            URL, {"created_from": "2026-01-02", "synced_to": "2026-03-04", "status": ["error", "synced"]}
        )
        assert "Created: from 2 Jan 2026" in text(page)
        assert "Last synced: until 4 Mar 2026" in text(page)
        assert "Entra Sync: Error or Synced" in text(page)

    def test_nobody_fits(self, agent_client: Client) -> None:
        page = agent_client.get(URL, {"verified": "yes"})
        assert "No contact matches in this tab" in text(page)
        assert "Clear search and filters" in text(page)


class TestWhatCannotBeRead:
    """It is left out, and the page says so."""

    @pytest.mark.parametrize(
        ("parameter", "value", "reason"),
        [
            ("verified", "perhaps", "“perhaps” is not one of the choices of Verified."),
            ("status", "gone", "“gone” is not one of the choices of Entra Sync."),
            ("connection", "99", "“99” is not one of the choices of Connection."),
            ("company", "Nowhere", "No company is named “Nowhere”."),
            ("company", "Twin", "Several companies begin with “Twin”."),
            ("domain", "nodot", "“nodot” has no dot"),
            ("created_from", "soon", "“soon” is not a day such as 2026-05-31."),
            ("cf_number", "many", "Age: A number is expected."),
            ("cf_gone", "x", "There is no contact field “cf_gone”."),
            ("cf_off", "x", "There is no contact field “cf_off”."),
        ],
    )
    def test_a_note_says_why(self, agent_client: Client, parameter: str, value: str, reason: str) -> None:
        CompanyFactory(name="Twin One")
        CompanyFactory(name="Twin Two")
        ContactFieldFactory(api_name="cf_number", label="Age", type="number")
        ContactFieldFactory(api_name="cf_off", active=False)
        ContactFactory(name="Ann", linked=True)

        page = agent_client.get(URL, {parameter: value, "verified": "yes"} | {parameter: value})

        assert f"A filter is left out. {reason}" in text(page)
        assert rows(page) == ["Ann"]

    def test_the_last_day_before_the_first(self, agent_client: Client) -> None:
        page = agent_client.get(URL, {"created_from": TODAY, "created_to": YESTERDAY})
        assert "Created: the last day is before the first." in text(page)

    @pytest.mark.parametrize("odd", ["\0", "%", "9" * 30, "0001-01-01", "9999-12-31", "'", '{"a": 1}'])
    def test_odd_values_never_break_the_page(self, agent_client: Client, odd: str) -> None:
        for kind in ("text", "number", "date", "dropdown", "checkbox", "url"):
            ContactFieldFactory(api_name=f"cf_{kind}", type=kind)
        names = ["company", "domain", "status", "connection", "created_from", "synced_to", "size", "view"]
        names += ["row", "after", "columns", "sort", "tab", "cf_text", "cf_number", "cf_date", "cf_url"]
        for name in names:
            assert agent_client.get(URL, {name: odd}).status_code == 200


class TestWhatIsDoneToAll:
    """It must reach no further than was asked: deeds and exports ask `Listing.contacts()`."""

    @pytest.mark.parametrize("query", ["company=Nowhere", "verified=perhaps", "cf_gone=x", "domain=nodot"])
    def test_nobody_when_a_filter_cannot_be_read(self, db: None, query: str) -> None:
        ContactFactory()
        assert not Listing.from_query(QueryDict(query)).contacts().exists()

    def test_a_company_is_kept_by_its_id(self, db: None) -> None:
        """Another one may come whose name begins the same."""
        north = CompanyFactory(name="Northwind")
        listing = Listing.from_query(QueryDict("company=north"))
        assert listing.query == f"?tab=all&company={north.pk}"
        ContactFactory(name="In", company=north)
        ContactFactory(name="Out", company=CompanyFactory(name="North Pole"))
        assert [one.name for one in Listing.from_query(QueryDict(listing.query[1:])).contacts()] == ["In"]
        north.contacts.all().delete()
        north.delete()
        assert not Listing.from_query(QueryDict(listing.query[1:])).contacts().exists()


class TestAddress:
    """It holds the whole state: read and written again, it is the same."""

    @pytest.mark.parametrize(
        "query",
        [
            "tab=all",
            "tab=deleted&q=ann+b&sort=-email",
            "tab=suspended&status=error&status=synced&verified=no&created_from=2026-01-01&size=50",
            "tab=all&cf_x=some+text&columns=email%2Ccf_x&size=100",
        ],
    )
    def test_round_trip(self, db: None, query: str) -> None:
        ContactFieldFactory(api_name="cf_x")
        listing = Listing.from_query(QueryDict(query))
        assert listing.query == f"?{query}"
        assert listing.notes == ()

    def test_a_job_in_the_background_finds_the_same(self, db: None) -> None:
        """Without a request."""
        ContactFactory(name="Ann", linked=True)
        ContactFactory(name="Bob")
        assert [one.name for one in Listing.from_query(QueryDict("verified=yes")).contacts()] == ["Ann"]


class TestDialog:
    def test_it_has_every_filter_with_what_is_on(self, agent_client: Client) -> None:
        ContactFieldFactory(api_name="cf_x", label="Region", type="dropdown", options=["EMEA", "APAC"])
        ConnectionFactory(name="Contoso tenant")
        page = agent_client.get(
            reverse("contacts:filters"), {"q": "ann", "sort": "-email", "cf_x": "EMEA", "domain": "a.example"}
        )
        html = page.content.decode()
        assert '<input type="hidden" name="q" value="ann" />' in html
        assert '<input type="hidden" name="sort" value="-email" />' in html
        assert 'name="domain" value="a.example"' in html
        assert html.count("checked") == 1
        company = CompanyFactory(name="Northwind")
        page_of_company = agent_client.get(reverse("contacts:filters"), {"company": company.pk})
        html = page_of_company.content.decode()
        assert f'name="company" value="{company.pk}"' in html
        assert 'name="company_text" value="Northwind"' in html
        page_of_none = agent_client.get(reverse("contacts:filters"), {"company": "-"})
        assert 'name="company_text" value="No company"' in page_of_none.content.decode()
        for label in ("Entra Sync", "Company", "E-mail domain", "Source", "Created from", "Region"):
            assert label in text(page)
        assert "Contoso tenant" in text(page)

    def test_htmx_gets_the_form_alone(self, agent_client: Client) -> None:
        page = agent_client.get(reverse("contacts:filters"), headers={"HX-Request": "true"})
        assert b"<html" not in page.content
        assert b'id="dialog-title"' in page.content
