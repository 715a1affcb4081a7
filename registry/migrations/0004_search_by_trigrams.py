"""On PostgreSQL, parts of words in ``search_text`` are found through an index of trigrams.

SQLite has none and reads the rows; an embedded installation holds few enough.
"""

from django.db import migrations

FORWARDS = [
    "CREATE EXTENSION IF NOT EXISTS pg_trgm",
    """
    CREATE INDEX dossier_search_trigrams ON registry_dossier
    USING gin (search_text gin_trgm_ops)
    """,
]
BACKWARDS = ["DROP INDEX IF EXISTS dossier_search_trigrams"]


def run(statements):
    def on_postgresql(apps, schema_editor):
        if schema_editor.connection.vendor == "postgresql":
            for statement in statements:
                schema_editor.execute(statement)

    return on_postgresql


class Migration(migrations.Migration):
    dependencies = [("registry", "0003_timeline_is_append_only")]
    operations = [migrations.RunPython(run(FORWARDS), run(BACKWARDS))]
