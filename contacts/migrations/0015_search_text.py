import django.db.models.deletion
from django.db import migrations, models

# PostgreSQL only. A word shorter than three characters is looked for behind a blank, so the text begins with one.
# PL/pgSQL throughout: it plans its statements once in a connection, not at every call. The triggers have them
# go by indexes: a plan made while the tables were small must not read them whole when they have grown.
FUNCTIONS = """
CREATE FUNCTION deskscim_search_text(person contacts_contact) RETURNS text LANGUAGE plpgsql STABLE AS $$ BEGIN
    RETURN lower(normalize(concat_ws(' ', '', person.name, person.user_name, person.title, person.phone,
        person.mobile,
        (SELECT name FROM companies_company WHERE id = person.company_id),
        (SELECT string_agg(address, ' ') FROM contacts_contactaddress WHERE contact_id = person.id),
        (SELECT string_agg(left(value #>> '{}', 255), ' ') FROM jsonb_each(person.custom_fields)
         WHERE jsonb_typeof(value) = 'string'))));
END $$;
CREATE FUNCTION deskscim_search_again(person contacts_contact) RETURNS void LANGUAGE plpgsql AS $$
DECLARE wanted text := deskscim_search_text(person);
BEGIN
    UPDATE contacts_searchtext SET text = wanted, custom_fields = person.custom_fields
    WHERE contact_id = person.id
        AND (text IS DISTINCT FROM wanted OR custom_fields IS DISTINCT FROM person.custom_fields);
END $$;
CREATE FUNCTION deskscim_search_contacts_inserted() RETURNS trigger LANGUAGE plpgsql SET enable_seqscan = off AS $$ BEGIN
    INSERT INTO contacts_searchtext (contact_id, text, custom_fields)
    SELECT id, deskscim_search_text(person), custom_fields FROM contacts_contact person
    WHERE id IN (SELECT id FROM changed);
    RETURN NULL;
END $$;
CREATE FUNCTION deskscim_search_contact_changed() RETURNS trigger LANGUAGE plpgsql SET enable_seqscan = off AS $$ BEGIN
    PERFORM deskscim_search_again(NEW);
    RETURN NULL;
END $$;
CREATE FUNCTION deskscim_search_addresses_inserted() RETURNS trigger LANGUAGE plpgsql SET enable_seqscan = off AS $$ BEGIN
    PERFORM deskscim_search_again(person) FROM contacts_contact person
    WHERE id IN (
        SELECT contact_id FROM changed JOIN contacts_searchtext USING (contact_id)
        WHERE position(lower(normalize(address)) IN text) = 0  -- else they came with the contact
    );
    RETURN NULL;
END $$;
CREATE FUNCTION deskscim_search_address_changed() RETURNS trigger LANGUAGE plpgsql SET enable_seqscan = off AS $$ BEGIN
    PERFORM deskscim_search_again(person) FROM contacts_contact person
    WHERE id IN (OLD.contact_id, NEW.contact_id);
    RETURN NULL;
END $$;
CREATE FUNCTION deskscim_search_company_renamed() RETURNS trigger LANGUAGE plpgsql SET enable_seqscan = off AS $$ BEGIN
    PERFORM deskscim_search_again(person) FROM contacts_contact person WHERE company_id = NEW.id;
    RETURN NULL;
END $$;
"""
TRIGGERS = """
CREATE TRIGGER search_inserted AFTER INSERT ON contacts_contact REFERENCING NEW TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION deskscim_search_contacts_inserted();
CREATE TRIGGER search_changed
    AFTER UPDATE OF name, user_name, title, phone, mobile, company_id, custom_fields ON contacts_contact
    FOR EACH ROW WHEN (
        (OLD.name, OLD.user_name, OLD.title, OLD.phone, OLD.mobile, OLD.company_id, OLD.custom_fields)
        IS DISTINCT FROM
        (NEW.name, NEW.user_name, NEW.title, NEW.phone, NEW.mobile, NEW.company_id, NEW.custom_fields)
    ) EXECUTE FUNCTION deskscim_search_contact_changed();
CREATE TRIGGER search_inserted AFTER INSERT ON contacts_contactaddress REFERENCING NEW TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION deskscim_search_addresses_inserted();
CREATE TRIGGER search_changed AFTER DELETE OR UPDATE OF contact_id, address ON contacts_contactaddress
    FOR EACH ROW EXECUTE FUNCTION deskscim_search_address_changed();
CREATE TRIGGER search_changed AFTER UPDATE OF name ON companies_company FOR EACH ROW
    WHEN (OLD.name IS DISTINCT FROM NEW.name) EXECUTE FUNCTION deskscim_search_company_renamed();
"""
FILL = """
SET LOCAL enable_seqscan = off;
INSERT INTO contacts_searchtext (contact_id, text, custom_fields)
SELECT id, deskscim_search_text(person), custom_fields FROM contacts_contact person
"""
# One index for words and values of contact fields alike. What waits to be put into it is read by every search,
# so little may wait. A larger sample tells the planner which words are common.
INDEX = """
CREATE EXTENSION IF NOT EXISTS pg_trgm;
CREATE INDEX search_text_words ON contacts_searchtext
    USING gin (text gin_trgm_ops, custom_fields jsonb_path_ops) WITH (gin_pending_list_limit = 512);
ALTER TABLE contacts_searchtext ALTER COLUMN text SET STATISTICS 500;
"""
TRIGGER_NAMES = {
    "contacts_contact": ["search_inserted", "search_changed"],
    "contacts_contactaddress": ["search_inserted", "search_changed"],
    "companies_company": ["search_changed"],
}
FUNCTION_NAMES = [
    "deskscim_search_company_renamed()",
    "deskscim_search_address_changed()",
    "deskscim_search_addresses_inserted()",
    "deskscim_search_contact_changed()",
    "deskscim_search_contacts_inserted()",
    "deskscim_search_again(contacts_contact)",
    "deskscim_search_text(contacts_contact)",
]


def keep(apps, schema_editor):
    if schema_editor.connection.vendor != "postgresql":
        return
    for statement in (FUNCTIONS, TRIGGERS, FILL, INDEX):
        schema_editor.execute(statement, params=None)


def stop(apps, schema_editor):
    if schema_editor.connection.vendor != "postgresql":
        return
    for table, names in TRIGGER_NAMES.items():
        for name in names:
            schema_editor.execute(f"DROP TRIGGER {name} ON {table}")
    for name in FUNCTION_NAMES:
        schema_editor.execute(f"DROP FUNCTION {name}")


class Migration(migrations.Migration):
    dependencies = [
        ("companies", "0001_initial"),
        ("contacts", "0014_duplicates"),
    ]

    operations = [
        migrations.CreateModel(
            name="SearchText",
            fields=[
                (
                    "contact",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="search_text",
                        serialize=False,
                        to="contacts.contact",
                    ),
                ),
                ("text", models.TextField()),
                ("custom_fields", models.JSONField(default=dict)),
            ],
        ),
        migrations.RunPython(keep, stop),
    ]
