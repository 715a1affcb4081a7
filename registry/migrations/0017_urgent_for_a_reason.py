from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('registry', '0016_urgency'),
    ]

    operations = [
        migrations.AddConstraint(
            model_name='dossier',
            constraint=models.CheckConstraint(condition=models.Q(('urgent', False), models.Q(models.Q(('urgency_reason', ''), _negated=True), ('urgent_until__isnull', False)), _connector='OR'), name='dossier_urgent_for_a_reason'),
        ),
    ]
