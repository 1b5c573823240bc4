from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("programmes", "0001_initial"),
        ("savings", "0001_initial"),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="sharingterm",
            name="sharing_term_is_measure_or_force",
        ),
        migrations.AddConstraint(
            model_name="sharingterm",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("force__isnull", True),
                        ("measure__isnull", False),
                        ("percent__isnull", True),
                        ("weight__gt", 0),
                        ("weight__isnull", False),
                    ),
                    models.Q(
                        ("force__isnull", False),
                        ("measure__isnull", True),
                        ("percent__isnull", False),
                        ("percent__range", (0, 100)),
                        ("weight__isnull", True),
                    ),
                    _connector="OR",
                ),
                name="sharing_term_is_measure_or_force",
                violation_error_message="A line is either a measure with a weight above 0 or a force with a percentage from 0 to 100.",
            ),
        ),
    ]
