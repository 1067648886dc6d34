from django.db import migrations

# PostgreSQL only. A contact field is found by whatever its value holds, however long that is.
WHOLE, CUT = "value #>> '{}'", "left(value #>> '{}', 255)"
FUNCTION = """
CREATE OR REPLACE FUNCTION deskscim_search_text(person contacts_contact) RETURNS text
LANGUAGE plpgsql STABLE AS $$ BEGIN
    RETURN lower(normalize(concat_ws(' ', '', person.name, person.user_name, person.title, person.phone,
        person.mobile,
        (SELECT name FROM companies_company WHERE id = person.company_id),
        (SELECT string_agg(address, ' ') FROM contacts_contactaddress WHERE contact_id = person.id),
        (SELECT string_agg({value}, ' ') FROM jsonb_each(person.custom_fields)
         WHERE jsonb_typeof(value) = 'string'))));
END $$
"""
AGAIN = """
SELECT deskscim_search_again(person) FROM contacts_contact person WHERE EXISTS (
    SELECT 1 FROM jsonb_each_text(person.custom_fields) AS field WHERE length(field.value) > 255
)
"""


def write(value):
    def step(apps, schema_editor):
        if schema_editor.connection.vendor == "postgresql":
            schema_editor.execute(FUNCTION.replace("{value}", value), params=None)
            schema_editor.execute(AGAIN, params=None)

    return step


class Migration(migrations.Migration):
    dependencies = [("contacts", "0025_ticket_subject_words")]

    operations = [migrations.RunPython(write(WHOLE), write(CUT))]
