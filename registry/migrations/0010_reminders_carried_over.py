"""What an office had before: reminders sent stay addressed, an unchanged schedule becomes the new one."""

from django.db import migrations
from django.utils import timezone

OLD_STEPS = {
    (1, step, 24 * days) for step, days in enumerate((-14, -7, -3, -1, 0, 1, 3, 7))
} | {(2, step, hours) for step, hours in enumerate((-24, -6, -1, 0, 6, 24))}


def carry_over(apps, schema_editor):
    reminder, step, deadline, rearming = (
        apps.get_model("registry", name)
        for name in ("Reminder", "ReminderStep", "Deadline", "Rearming")
    )
    reminder.objects.filter(state="sent").update(state="addressed")
    kept = set(step.objects.values_list("schedule", "step", "offset_hours"))
    if kept == OLD_STEPS:
        step.objects.all().delete()  # the new ones are loaded after migrating
    if deadline.objects.filter(state="running").exists():
        rearming.objects.create(ordered_at=timezone.now())


class Migration(migrations.Migration):
    dependencies = [("registry", "0009_notices_and_messages")]
    operations = [migrations.RunPython(carry_over, migrations.RunPython.noop)]
