"""What a request says of its urgency, told to its dossier."""

from django.db import migrations

BATCH = 2000


def tell_dossiers(apps, schema_editor):
    alias = schema_editor.connection.alias
    Request = apps.get_model("mla", "AssistanceRequest")
    Dossier = apps.get_model("registry", "Dossier")
    urgent = Request.objects.using(alias).filter(dossier__urgent=True).select_related("dossier")
    after = 0
    while batch := list(urgent.filter(dossier__gt=after).order_by("dossier")[:BATCH]):
        after = batch[-1].dossier_id
        for request in batch:
            dossier = request.dossier
            dossier.urgency_reason = request.urgency_reason.strip() or dossier.urgency_reason
            dossier.urgent_until = request.answer_wanted_by or dossier.urgent_until
        Dossier.objects.using(alias).bulk_update(
            [request.dossier for request in batch], ["urgency_reason", "urgent_until"]
        )


class Migration(migrations.Migration):

    dependencies = [
        ('mla', '0011_sendings_followed'),
        ('registry', '0016_urgency'),
    ]

    operations = [
        migrations.RunPython(tell_dossiers, migrations.RunPython.noop),
    ]
