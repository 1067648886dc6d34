import django.db.models.deletion
from django.db import migrations, models

# PostgreSQL only (SQLite would lose triggers when Django remakes a table). A writer adds to the slot of its
# server process; statements that write many contacts add once.
FUNCTIONS = """
CREATE FUNCTION deskscim_add_held(held bigint, difference bigint) RETURNS void LANGUAGE sql AS $$
    INSERT INTO provisioning_heldcount AS known (connection_id, slot, number)
    VALUES (held, pg_backend_pid() % 64, difference)
    ON CONFLICT (connection_id, slot) DO UPDATE SET number = known.number + excluded.number
$$;
CREATE FUNCTION deskscim_held_inserted() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    PERFORM deskscim_add_held(connection_id, count(*)) FROM changed
    WHERE connection_id IS NOT NULL GROUP BY connection_id;
    RETURN NULL;
END $$;
CREATE FUNCTION deskscim_held_deleted() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    PERFORM deskscim_add_held(connection_id, -count(*)) FROM changed
    WHERE connection_id IS NOT NULL GROUP BY connection_id;
    RETURN NULL;
END $$;
CREATE FUNCTION deskscim_held_moved() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    IF OLD.connection_id IS NOT NULL THEN PERFORM deskscim_add_held(OLD.connection_id, -1); END IF;
    IF NEW.connection_id IS NOT NULL THEN PERFORM deskscim_add_held(NEW.connection_id, 1); END IF;
    RETURN NULL;
END $$;
CREATE FUNCTION deskscim_held_truncated() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    DELETE FROM provisioning_heldcount;
    RETURN NULL;
END $$;
"""
TRIGGERS = """
CREATE TRIGGER held_inserted AFTER INSERT ON contacts_contact REFERENCING NEW TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION deskscim_held_inserted();
CREATE TRIGGER held_deleted AFTER DELETE ON contacts_contact REFERENCING OLD TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION deskscim_held_deleted();
CREATE TRIGGER held_moved AFTER UPDATE OF connection_id ON contacts_contact FOR EACH ROW
    WHEN (OLD.connection_id IS DISTINCT FROM NEW.connection_id) EXECUTE FUNCTION deskscim_held_moved();
CREATE TRIGGER held_truncated AFTER TRUNCATE ON contacts_contact
    FOR EACH STATEMENT EXECUTE FUNCTION deskscim_held_truncated();
"""
FILL = """
INSERT INTO provisioning_heldcount (connection_id, slot, number)
SELECT connection_id, 0, count(*) FROM contacts_contact WHERE connection_id IS NOT NULL GROUP BY connection_id
"""
NAMES = ("inserted", "deleted", "moved", "truncated")


def count(apps, schema_editor):
    if schema_editor.connection.vendor != "postgresql":
        return
    for statement in (FUNCTIONS, TRIGGERS, FILL):
        schema_editor.execute(statement, params=None)


def stop(apps, schema_editor):
    if schema_editor.connection.vendor != "postgresql":
        return
    for name in NAMES:
        schema_editor.execute(f"DROP TRIGGER held_{name} ON contacts_contact")
        schema_editor.execute(f"DROP FUNCTION deskscim_held_{name}()")
    schema_editor.execute("DROP FUNCTION deskscim_add_held(bigint, bigint)")


class Migration(migrations.Migration):
    dependencies = [
        ("provisioning", "0003_notify_changes"),
        ("contacts", "0006_scim_primary"),
    ]

    operations = [
        migrations.CreateModel(
            name="HeldCount",
            fields=[
                (
                    "id",
                    models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID"),
                ),
                ("slot", models.SmallIntegerField()),
                ("number", models.BigIntegerField()),
                (
                    "connection",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="held_counts",
                        to="provisioning.connection",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("connection", "slot"), name="held_count_slot_once")
                ],
            },
        ),
        migrations.RunPython(count, stop),
    ]
