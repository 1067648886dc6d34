from django.db import migrations

# PostgreSQL only: clients look people up by the beginning of their names, and there contact_by_name, whose order
# is that of a language, cannot serve LIKE. SQLite's LIKE uses no index on an expression either way.
CREATE = """
CREATE INDEX contact_by_name_prefix ON contacts_contact (connection_id, LOWER(name) text_pattern_ops)
WHERE connection_id IS NOT NULL
"""


def create(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(CREATE)


def drop(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("DROP INDEX contact_by_name_prefix")


class Migration(migrations.Migration):
    dependencies = [("contacts", "0007_query_indexes")]

    operations = [migrations.RunPython(create, drop)]
