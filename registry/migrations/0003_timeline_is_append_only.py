"""The database itself refuses to change or delete what the timeline holds."""

from django.db import migrations

SENTENCE = "the timeline is append-only"

SQLITE = [
    f"""
    CREATE TRIGGER timeline_is_never_{past} BEFORE {act} ON registry_timelineentry
    BEGIN SELECT RAISE(ABORT, '{SENTENCE}'); END
    """
    for act, past in (("UPDATE", "updated"), ("DELETE", "deleted"))
]
SQLITE_BACK = [
    "DROP TRIGGER IF EXISTS timeline_is_never_updated",
    "DROP TRIGGER IF EXISTS timeline_is_never_deleted",
]

POSTGRESQL = [
    f"""
    CREATE FUNCTION timeline_refuses_change() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN RAISE EXCEPTION '{SENTENCE}' USING ERRCODE = 'integrity_constraint_violation'; END
    $$
    """,
    """
    CREATE TRIGGER timeline_is_never_changed BEFORE UPDATE OR DELETE ON registry_timelineentry
    FOR EACH ROW EXECUTE FUNCTION timeline_refuses_change()
    """,
]
POSTGRESQL_BACK = [
    "DROP TRIGGER IF EXISTS timeline_is_never_changed ON registry_timelineentry",
    "DROP FUNCTION IF EXISTS timeline_refuses_change()",
]


def run(statements):
    def of_vendor(apps, schema_editor):
        for statement in statements[schema_editor.connection.vendor]:
            schema_editor.execute(statement)

    return of_vendor


class Migration(migrations.Migration):
    dependencies = [("registry", "0001_initial")]

    operations = [
        migrations.RunPython(
            run({"sqlite": SQLITE, "postgresql": POSTGRESQL}),
            run({"sqlite": SQLITE_BACK, "postgresql": POSTGRESQL_BACK}),
        )
    ]
