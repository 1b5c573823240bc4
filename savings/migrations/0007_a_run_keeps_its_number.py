"""A run keeps its number, whatever is taken off the record before it; the next numbers follow on."""

import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models

# As the page of runs showed them: the alliance's runs, counted from its first.
_AS_SHOWN = """
    UPDATE savings_run r SET number = counted.place
      FROM (SELECT id, row_number() OVER (PARTITION BY alliance_id ORDER BY id) AS place
              FROM savings_run) AS counted
     WHERE counted.id = r.id
"""
_COUNTS = """
    INSERT INTO savings_runcount (alliance_id, begun)
    SELECT alliance_id, count(*) FROM savings_run GROUP BY alliance_id
"""


class Migration(migrations.Migration):

    dependencies = [
        ('programmes', '0004_password_changes_and_deactivation_on_record'),
        ('savings', '0006_one_row_of_shares_an_amount'),
    ]

    operations = [
        migrations.CreateModel(
            name='RunCount',
            fields=[
                ('alliance', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='+', serialize=False, to='programmes.alliance')),
                ('begun', models.PositiveIntegerField()),
            ],
        ),
        migrations.AddField(
            model_name='run',
            name='number',
            field=models.PositiveIntegerField(db_default=0, editable=False),
        ),
        migrations.RunSQL(_AS_SHOWN, migrations.RunSQL.noop),
        migrations.RunSQL(_COUNTS, migrations.RunSQL.noop),
        pgtrigger.migrations.AddTrigger(
            model_name='run',
            trigger=pgtrigger.compiler.Trigger(name='takes_its_number', sql=pgtrigger.compiler.UpsertTriggerSql(func='\n    INSERT INTO savings_runcount AS c (alliance_id, begun) VALUES (NEW.alliance_id, 1)\n        ON CONFLICT (alliance_id) DO UPDATE SET begun = c.begun + 1\n    RETURNING begun INTO NEW.number;\n    RETURN NEW;\n', hash='c11055f5f2257854322a4684364a0ee7bd7ca55b', operation='INSERT', pgid='pgtrigger_takes_its_number_561a7', table='savings_run', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='run',
            trigger=pgtrigger.compiler.Trigger(name='keeps_its_number', sql=pgtrigger.compiler.UpsertTriggerSql(func='RAISE EXCEPTION \'pgtrigger: Cannot update of "alliance_id", "number" rows from % table\', TG_TABLE_NAME;', hash='e8c5b6d9b3a602222d0b82b1f8497c524cadfde3', operation='UPDATE OF "alliance_id", "number"', pgid='pgtrigger_keeps_its_number_cf9c9', table='savings_run', when='BEFORE')),
        ),
        migrations.AddConstraint(
            model_name='run',
            constraint=models.UniqueConstraint(fields=('alliance', 'number'), name='run_number_once'),
        ),
    ]
