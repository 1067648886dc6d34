from django.db import migrations

# PostgreSQL only. The rows that a statement brought lead, and each is looked up by its key: a plan that was made
# for one row must not join two tables for ten thousand.
NOW = """
CREATE OR REPLACE FUNCTION deskscim_search_contacts_inserted() RETURNS trigger
LANGUAGE plpgsql SET enable_seqscan = off AS $$ BEGIN
    INSERT INTO contacts_searchtext (contact_id, text, custom_fields)
    SELECT id, deskscim_search_text(ROW(changed.*)::contacts_contact), custom_fields FROM changed;
    RETURN NULL;
END $$;
CREATE OR REPLACE FUNCTION deskscim_search_addresses_inserted() RETURNS trigger
LANGUAGE plpgsql SET enable_seqscan = off AS $$ BEGIN
    PERFORM deskscim_search_again((SELECT person FROM contacts_contact person WHERE id = missing.contact_id))
    FROM (
        SELECT DISTINCT contact_id FROM changed
        WHERE position(
            lower(normalize(address))
            IN (SELECT text FROM contacts_searchtext words WHERE words.contact_id = changed.contact_id)
        ) = 0  -- else they came with the contact
    ) AS missing;
    RETURN NULL;
END $$;
"""
BEFORE = """
CREATE OR REPLACE FUNCTION deskscim_search_contacts_inserted() RETURNS trigger
LANGUAGE plpgsql SET enable_seqscan = off AS $$ BEGIN
    INSERT INTO contacts_searchtext (contact_id, text, custom_fields)
    SELECT id, deskscim_search_text(person), custom_fields FROM contacts_contact person
    WHERE id IN (SELECT id FROM changed);
    RETURN NULL;
END $$;
CREATE OR REPLACE FUNCTION deskscim_search_addresses_inserted() RETURNS trigger
LANGUAGE plpgsql SET enable_seqscan = off AS $$ BEGIN
    PERFORM deskscim_search_again(person) FROM contacts_contact person
    WHERE id IN (
        SELECT contact_id FROM changed JOIN contacts_searchtext USING (contact_id)
        WHERE position(lower(normalize(address)) IN text) = 0
    );
    RETURN NULL;
END $$;
"""


def write(functions):
    def step(apps, schema_editor):
        if schema_editor.connection.vendor == "postgresql":
            schema_editor.execute(functions, params=None)

    return step


class Migration(migrations.Migration):
    dependencies = [("contacts", "0027_labels")]

    operations = [migrations.RunPython(write(NOW), write(BEFORE))]
