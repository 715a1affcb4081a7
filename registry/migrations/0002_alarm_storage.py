"""Leave room in the pages of the alarm table, whose rows the sweep rewrites.

A rewritten row then finds a place beside its old self. Other databases know no such setting.
"""

from django.db import migrations


def leave_room(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(
            "ALTER TABLE registry_alarm SET (fillfactor = 70, autovacuum_vacuum_scale_factor = 0.02)"
        )


class Migration(migrations.Migration):
    dependencies = [("registry", "0001_initial")]

    operations = [migrations.RunPython(leave_room, migrations.RunPython.noop)]
