from django.db import migrations

# PostgreSQL only: tells every node to read tokens, connections and contact fields anew (see remembered.py).
# The use of a token, noted each minute, is no change.
WATCHED = {
    "provisioning_token": "INSERT OR DELETE OR TRUNCATE OR UPDATE OF digest, scopes, expires_at, revoked_at, connection_id",
    "provisioning_connection": "INSERT OR DELETE OR TRUNCATE OR UPDATE",
    "contacts_contactfield": "INSERT OR DELETE OR TRUNCATE OR UPDATE",
    "companies_company": "DELETE OR TRUNCATE OR UPDATE",
}
FUNCTION = """
CREATE FUNCTION deskscim_notify_changed() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN PERFORM pg_notify('deskscim_changed', ''); RETURN NULL; END $$
"""


def watch(apps, schema_editor):
    if schema_editor.connection.vendor != "postgresql":
        return
    schema_editor.execute(FUNCTION)
    for table, events in WATCHED.items():
        schema_editor.execute(
            f"CREATE TRIGGER notify_changed AFTER {events} ON {table}"
            " FOR EACH STATEMENT EXECUTE FUNCTION deskscim_notify_changed()"
        )


def unwatch(apps, schema_editor):
    if schema_editor.connection.vendor != "postgresql":
        return
    for table in WATCHED:
        schema_editor.execute(f"DROP TRIGGER notify_changed ON {table}")
    schema_editor.execute("DROP FUNCTION deskscim_notify_changed()")


class Migration(migrations.Migration):
    dependencies = [
        ("provisioning", "0002_conflicts"),
        ("contacts", "0002_link_and_constraints"),
        ("companies", "0001_initial"),
    ]

    operations = [migrations.RunPython(watch, unwatch)]
