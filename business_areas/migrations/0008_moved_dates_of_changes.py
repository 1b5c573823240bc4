import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models


class Migration(migrations.Migration):
    """Which date of which milestone a change on record moved, from where to where."""

    dependencies = [
        ("business_areas", "0007_people_and_the_register_by_their_names"),
        ("programmes", "0009_sizes_can_be_withdrawn"),
    ]

    operations = [
        migrations.CreateModel(
            name="MovedDate",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "which",
                    models.CharField(
                        choices=[
                            ("APPROVED", "Approved"),
                            ("FORECAST", "Forecast"),
                            ("ACTUAL", "Actual"),
                        ],
                        max_length=10,
                    ),
                ),
                ("from_on", models.DateField(blank=True, null=True)),
                ("to_on", models.DateField(blank=True, null=True)),
                (
                    "change",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="moved_dates",
                        to="programmes.change",
                    ),
                ),
                (
                    "milestone",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="moved_dates",
                        to="business_areas.milestone",
                    ),
                ),
            ],
            options={"ordering": ["milestone", "-pk"]},
        ),
        migrations.AddConstraint(
            model_name="moveddate",
            constraint=models.UniqueConstraint(
                fields=("change", "milestone", "which"),
                name="moved_date_once",
                violation_error_message="The change has moved this date already.",
            ),
        ),
        migrations.AddConstraint(
            model_name="moveddate",
            constraint=models.CheckConstraint(
                condition=models.Q(("from_on", models.F("to_on")), _negated=True),
                name="moved_date_moves",
                violation_error_message="The new date is the same as the old one.",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="moveddate",
            trigger=pgtrigger.compiler.Trigger(
                name="never_edited",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;",
                    hash="278889c81d6891596312417dfe2125f202b09a88",
                    operation="UPDATE",
                    pgid="pgtrigger_never_edited_0d5e1",
                    table="business_areas_moveddate",
                    when="BEFORE",
                ),
            ),
        ),
    ]
