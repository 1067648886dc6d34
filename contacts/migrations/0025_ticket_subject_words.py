from django.db import migrations

# PostgreSQL only, as Django asks for a part of a text in any case.
INDEX = """
CREATE INDEX ticket_subject_words ON contacts_ticket USING gin (upper(subject::text) gin_trgm_ops)
    WITH (gin_pending_list_limit = 512);
"""


def make(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(INDEX)


def drop(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("DROP INDEX ticket_subject_words")


class Migration(migrations.Migration):
    dependencies = [("contacts", "0024_title_and_number_indexes")]

    operations = [migrations.RunPython(make, drop)]
