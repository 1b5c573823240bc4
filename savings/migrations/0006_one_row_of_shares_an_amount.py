"""One row of shares an amount, an array of pence, instead of one row a force; closed years by trigger."""

import django.contrib.postgres.fields
import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models

from programmes.trigger_operations import AddTriggers

# Sorted by PostgreSQL on disk if need be, so that millions of shares take no more memory than few.
# A share whose pool is no more belongs to nobody and is left behind.
_LAY_SIDE_BY_SIDE = """
    INSERT INTO savings_amountshares (pool_id, amount_id, pence)
    SELECT s.pool_id, s.amount_id, array_agg(s.pence ORDER BY t.position)
      FROM savings_share s
      JOIN savings_pool p ON p.id = s.pool_id
      JOIN savings_ratiopart t ON t.ratio_id = p.ratio_id AND t.force_id = s.force_id
     GROUP BY s.pool_id, s.amount_id
"""

_SHARES = """
    SELECT s.pool_id, s.amount_id, t.force_id, cell.pence
      FROM savings_amountshares s
     CROSS JOIN LATERAL unnest(s.pence) WITH ORDINALITY AS cell (pence, place)
      JOIN savings_pool p ON p.id = s.pool_id
      JOIN savings_ratiopart t ON t.ratio_id = p.ratio_id AND t.position = cell.place - 1
"""

_LAY_FORCE_BY_FORCE = f"INSERT INTO savings_share (pool_id, amount_id, force_id, pence) {_SHARES}"


class Migration(migrations.Migration):

    dependencies = [
        ('savings', '0005_the_engine_that_worked_a_pool_out'),
    ]

    operations = [
        migrations.CreateModel(
            name='AmountShares',
            fields=[
                ('pk', models.CompositePrimaryKey('pool_id', 'amount_id', blank=True, editable=False, primary_key=True, serialize=False)),
                ('pool', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='savings.pool')),
                ('amount', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='savings.amount')),
                ('pence', django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), size=None)),
            ],
        ),
        migrations.RunSQL(_LAY_SIDE_BY_SIDE, _LAY_FORCE_BY_FORCE),
        pgtrigger.migrations.RemoveTrigger(
            model_name='share',
            name='in_its_pool',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='share',
            name='never_edited',
        ),
        migrations.DeleteModel(
            name='Share',
        ),
        migrations.CreateModel(
            name='Share',
            fields=[
                ('pk', models.CompositePrimaryKey('pool_id', 'amount_id', 'force_id', blank=True, editable=False, primary_key=True, serialize=False)),
                ('pence', models.BigIntegerField()),
            ],
            options={
                'db_table': 'savings_share',
                'managed': False,
            },
        ),
        migrations.RunSQL(f"CREATE VIEW savings_share AS {_SHARES}", "DROP VIEW savings_share"),
        migrations.AlterField(
            model_name='poolshare',
            name='force',
            field=models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='programmes.force'),
        ),
        migrations.AlterField(
            model_name='poolshare',
            name='pool',
            field=models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='shares', to='savings.pool'),
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='pool',
            name='closed_year_stays',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='pool',
            name='closed_year_is_kept',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='poolshare',
            name='members_only',
        ),
        AddTriggers(
            [
                pgtrigger.migrations.AddTrigger(
                    model_name='pool',
                    trigger=pgtrigger.compiler.Trigger(name='closed_year_stays', sql=pgtrigger.compiler.UpsertTriggerSql(func="\n    IF EXISTS (\n        SELECT 1 FROM savings_financialyear y\n         WHERE y.closed_at IS NOT NULL AND (y.alliance_id, y.year) IN ((NEW.alliance_id, NEW.year))\n    ) THEN\n        RAISE EXCEPTION 'The shares of a closed year never change.'\n        USING ERRCODE = 'check_violation', CONSTRAINT = 'closed_year_stays';\n    END IF;\n    RETURN NEW;\n", hash='3a775964dc1b16f3790c341e28e4ddadb2462a1c', operation='INSERT', pgid='pgtrigger_closed_year_stays_e55a4', table='savings_pool', when='BEFORE')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='pool',
                    trigger=pgtrigger.compiler.Trigger(name='closed_year_is_not_edited', sql=pgtrigger.compiler.UpsertTriggerSql(func="\n    IF EXISTS (\n        SELECT 1 FROM savings_financialyear y\n         WHERE y.closed_at IS NOT NULL AND (y.alliance_id, y.year) IN ((OLD.alliance_id, OLD.year), (NEW.alliance_id, NEW.year))\n    ) THEN\n        RAISE EXCEPTION 'The shares of a closed year never change.'\n        USING ERRCODE = 'check_violation', CONSTRAINT = 'closed_year_stays';\n    END IF;\n    RETURN NEW;\n", hash='119c7960db715fb05b6aca334e4b0367b6fe2b1b', operation='UPDATE', pgid='pgtrigger_closed_year_is_not_edited_a0883', table='savings_pool', when='BEFORE')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='pool',
                    trigger=pgtrigger.compiler.Trigger(name='closed_year_is_kept', sql=pgtrigger.compiler.UpsertTriggerSql(func="\n    IF EXISTS (\n        SELECT 1 FROM savings_financialyear y\n         WHERE y.closed_at IS NOT NULL AND (y.alliance_id, y.year) IN ((OLD.alliance_id, OLD.year))\n    ) THEN\n        RAISE EXCEPTION 'The shares of a closed year never change.'\n        USING ERRCODE = 'check_violation', CONSTRAINT = 'closed_year_stays';\n    END IF;\n    RETURN OLD;\n", hash='2010c37402e997dd9b686ccdd39e189909a5fd19', operation='DELETE', pgid='pgtrigger_closed_year_is_kept_a6bc7', table='savings_pool', when='BEFORE')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='pool',
                    trigger=pgtrigger.compiler.Trigger(name='goes_after_its_shares', sql=pgtrigger.compiler.UpsertTriggerSql(func="\n    IF EXISTS (SELECT 1 FROM old_rows p JOIN savings_poolshare s ON s.pool_id = p.id) THEN\n        RAISE EXCEPTION 'A pool goes after its shares.'\n        USING ERRCODE = 'check_violation', CONSTRAINT = 'pool_goes_after_its_shares';\n    END IF;\n    RETURN NULL;\n", hash='ed5956271d15b0508f34f5430072d335e09a5e38', level='STATEMENT', operation='DELETE', pgid='pgtrigger_goes_after_its_shares_9c29c', referencing='REFERENCING OLD TABLE AS old_rows ', table='savings_pool', when='AFTER')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='poolshare',
                    trigger=pgtrigger.compiler.Trigger(name='members_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="\n    IF EXISTS (\n        WITH one AS (\n            SELECT DISTINCT p.alliance_id, p.area_id, p.starts_on, n.force_id\n              FROM new_rows n JOIN savings_pool p ON p.id = n.pool_id\n        )\n        SELECT 1\n          FROM one\n          LEFT JOIN programmes_membership m\n            ON m.alliance_id = one.alliance_id AND m.force_id = one.force_id\n           AND one.starts_on <@ daterange(m.joined_on, m.left_on)\n         WHERE m.id IS NULL\n         UNION ALL\n        SELECT 1\n          FROM one\n          LEFT JOIN business_areas_areamembership m\n            ON m.area_id = one.area_id AND m.force_id = one.force_id\n           AND one.starts_on <@ daterange(m.joined_on, m.left_on)\n         WHERE m.id IS NULL\n           AND one.area_id IN (SELECT area_id FROM business_areas_areamembership)\n    ) THEN\n        RAISE EXCEPTION 'A force that is not a member on the day has no share.'\n        USING ERRCODE = 'check_violation', CONSTRAINT = 'share_of_members_only';\n    END IF;\n    RETURN NULL;\n", hash='6e3fda4b411cec06a490ce1c085e28a741309a61', level='STATEMENT', operation='INSERT', pgid='pgtrigger_members_only_fbaea', referencing='REFERENCING NEW TABLE AS new_rows ', table='savings_poolshare', when='AFTER')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='poolshare',
                    trigger=pgtrigger.compiler.Trigger(name='of_its_ratio', sql=pgtrigger.compiler.UpsertTriggerSql(func="\n    IF EXISTS (\n        SELECT 1\n          FROM new_rows n\n          LEFT JOIN savings_pool p ON p.id = n.pool_id\n          LEFT JOIN savings_ratiopart t ON t.ratio_id = p.ratio_id AND t.force_id = n.force_id\n         WHERE t.id IS NULL\n    ) THEN\n        RAISE EXCEPTION 'A pool is divided between the forces of its ratio.'\n        USING ERRCODE = 'check_violation', CONSTRAINT = 'share_of_its_ratio';\n    END IF;\n    RETURN NULL;\n", hash='6ab3470ebeb2ff06c0d404ab6b1745b8055f3918', level='STATEMENT', operation='INSERT', pgid='pgtrigger_of_its_ratio_febc6', referencing='REFERENCING NEW TABLE AS new_rows ', table='savings_poolshare', when='AFTER')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='poolshare',
                    trigger=pgtrigger.compiler.Trigger(name='never_edited', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;", hash='d4eb68fbd9e4ee093be22af4098e1a84e7fad978', operation='UPDATE', pgid='pgtrigger_never_edited_6804c', table='savings_poolshare', when='BEFORE')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='poolshare',
                    trigger=pgtrigger.compiler.Trigger(name='closed_year_stays', sql=pgtrigger.compiler.UpsertTriggerSql(func="\n    IF EXISTS (\n        SELECT 1\n          FROM (SELECT DISTINCT pool_id FROM new_rows) r\n          JOIN savings_pool p ON p.id = r.pool_id\n          JOIN savings_financialyear y ON y.alliance_id = p.alliance_id AND y.year = p.year\n         WHERE y.closed_at IS NOT NULL\n    ) THEN\n        RAISE EXCEPTION 'The shares of a closed year never change.'\n        USING ERRCODE = 'check_violation', CONSTRAINT = 'closed_year_stays';\n    END IF;\n    RETURN NULL;\n", hash='4105ddfd7a4af895a504a23009c02ba0aea94fa6', level='STATEMENT', operation='INSERT', pgid='pgtrigger_closed_year_stays_70a22', referencing='REFERENCING NEW TABLE AS new_rows ', table='savings_poolshare', when='AFTER')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='poolshare',
                    trigger=pgtrigger.compiler.Trigger(name='closed_year_is_kept', sql=pgtrigger.compiler.UpsertTriggerSql(func="\n    IF EXISTS (\n        SELECT 1\n          FROM (SELECT DISTINCT pool_id FROM old_rows) r\n          JOIN savings_pool p ON p.id = r.pool_id\n          JOIN savings_financialyear y ON y.alliance_id = p.alliance_id AND y.year = p.year\n         WHERE y.closed_at IS NOT NULL\n    ) THEN\n        RAISE EXCEPTION 'The shares of a closed year never change.'\n        USING ERRCODE = 'check_violation', CONSTRAINT = 'closed_year_stays';\n    END IF;\n    RETURN NULL;\n", hash='fc36451951998c090f22903cceb48f5c71d3b8ad', level='STATEMENT', operation='DELETE', pgid='pgtrigger_closed_year_is_kept_776e5', referencing='REFERENCING OLD TABLE AS old_rows ', table='savings_poolshare', when='AFTER')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='ratiopart',
                    trigger=pgtrigger.compiler.Trigger(name='never_edited', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;", hash='e0cb5a8d0fd08f40e7f7a6393e2ed7bfc94911f5', operation='UPDATE', pgid='pgtrigger_never_edited_2efc6', table='savings_ratiopart', when='BEFORE')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='ratiopart',
                    trigger=pgtrigger.compiler.Trigger(name='none_added_in_use', sql=pgtrigger.compiler.UpsertTriggerSql(func="\n    IF EXISTS (SELECT 1 FROM new_rows r JOIN savings_pool p ON p.ratio_id = r.ratio_id) THEN\n        RAISE EXCEPTION 'The parts of a ratio that divides a pool stay as they are.'\n        USING ERRCODE = 'check_violation', CONSTRAINT = 'ratio_in_use_stays';\n    END IF;\n    RETURN NULL;\n", hash='c9a2b2db79e346acc47cf337715bfe9ff41040aa', level='STATEMENT', operation='INSERT', pgid='pgtrigger_none_added_in_use_d4721', referencing='REFERENCING NEW TABLE AS new_rows ', table='savings_ratiopart', when='AFTER')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='ratiopart',
                    trigger=pgtrigger.compiler.Trigger(name='none_removed_in_use', sql=pgtrigger.compiler.UpsertTriggerSql(func="\n    IF EXISTS (SELECT 1 FROM old_rows r JOIN savings_pool p ON p.ratio_id = r.ratio_id) THEN\n        RAISE EXCEPTION 'The parts of a ratio that divides a pool stay as they are.'\n        USING ERRCODE = 'check_violation', CONSTRAINT = 'ratio_in_use_stays';\n    END IF;\n    RETURN NULL;\n", hash='644bb00d90eff19024cc3cb821982700c334ba48', level='STATEMENT', operation='DELETE', pgid='pgtrigger_none_removed_in_use_3bc0d', referencing='REFERENCING OLD TABLE AS old_rows ', table='savings_ratiopart', when='AFTER')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='sharingratio',
                    trigger=pgtrigger.compiler.Trigger(name='never_edited', sql=pgtrigger.compiler.UpsertTriggerSql(func='RAISE EXCEPTION \'pgtrigger: Cannot update of "alliance_id", "digest", "rule_effective_on", "decimals", "sizes_on", "basis", "evidence" rows from % table\', TG_TABLE_NAME;', hash='fa55960a1e76cdd49936ff91c6850a363a9614b0', operation='UPDATE OF "alliance_id", "digest", "rule_effective_on", "decimals", "sizes_on", "basis", "evidence"', pgid='pgtrigger_never_edited_a72dc', table='savings_sharingratio', when='BEFORE')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='amountshares',
                    trigger=pgtrigger.compiler.Trigger(name='one_for_each_force', sql=pgtrigger.compiler.UpsertTriggerSql(func="\n    IF EXISTS (\n        SELECT 1\n          FROM (SELECT DISTINCT pool_id, cardinality(pence) AS forces FROM new_rows) n\n          LEFT JOIN savings_pool p ON p.id = n.pool_id\n          LEFT JOIN LATERAL (\n               SELECT count(*) AS forces FROM savings_ratiopart t WHERE t.ratio_id = p.ratio_id\n               ) ratio ON true\n          LEFT JOIN LATERAL (\n               SELECT count(*) AS forces FROM savings_poolshare s WHERE s.pool_id = n.pool_id\n               ) own ON true\n         WHERE n.forces IS DISTINCT FROM ratio.forces OR n.forces IS DISTINCT FROM own.forces\n    ) THEN\n        RAISE EXCEPTION 'An amount has a share for every force of its ratio, and for no other.'\n        USING ERRCODE = 'check_violation', CONSTRAINT = 'share_for_each_force';\n    END IF;\n    RETURN NULL;\n", hash='8639fd0913ffb7b7c31a1d906de1f30be191da0b', level='STATEMENT', operation='INSERT', pgid='pgtrigger_one_for_each_force_29ae3', referencing='REFERENCING NEW TABLE AS new_rows ', table='savings_amountshares', when='AFTER')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='amountshares',
                    trigger=pgtrigger.compiler.Trigger(name='add_up', sql=pgtrigger.compiler.UpsertTriggerSql(func="\n    IF EXISTS (\n        SELECT 1\n          FROM new_rows n\n          LEFT JOIN savings_amount a ON a.id = n.amount_id\n         WHERE (SELECT CASE WHEN count(cell) = cardinality(n.pence) THEN sum(cell) END\n                  FROM (SELECT unnest(n.pence)) AS laid_out (cell)) IS DISTINCT FROM a.pence\n           AND NOT EXISTS (\n               SELECT 1 FROM savings_pool p\n                 JOIN savings_recomputerequest r ON r.area_id = p.area_id AND r.year = p.year\n                WHERE p.id = n.pool_id)\n    ) THEN\n        RAISE EXCEPTION 'The shares of an amount add up to it.'\n        USING ERRCODE = 'check_violation', CONSTRAINT = 'shares_add_up';\n    END IF;\n    RETURN NULL;\n", hash='112b6078e123edc48a3688fa2ee1d9860bf770ac', level='STATEMENT', operation='INSERT', pgid='pgtrigger_add_up_67f48', referencing='REFERENCING NEW TABLE AS new_rows ', table='savings_amountshares', when='AFTER')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='amountshares',
                    trigger=pgtrigger.compiler.Trigger(name='never_edited', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;", hash='18eab78befec5195f1ccff9a190ffd003b2effa3', operation='UPDATE', pgid='pgtrigger_never_edited_c15f3', table='savings_amountshares', when='BEFORE')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='amountshares',
                    trigger=pgtrigger.compiler.Trigger(name='closed_year_stays', sql=pgtrigger.compiler.UpsertTriggerSql(func="\n    IF EXISTS (\n        SELECT 1\n          FROM (SELECT DISTINCT pool_id FROM new_rows) r\n          JOIN savings_pool p ON p.id = r.pool_id\n          JOIN savings_financialyear y ON y.alliance_id = p.alliance_id AND y.year = p.year\n         WHERE y.closed_at IS NOT NULL\n    ) THEN\n        RAISE EXCEPTION 'The shares of a closed year never change.'\n        USING ERRCODE = 'check_violation', CONSTRAINT = 'closed_year_stays';\n    END IF;\n    RETURN NULL;\n", hash='0deb0049fad1dc1bc74acd8e973963fee7d76f06', level='STATEMENT', operation='INSERT', pgid='pgtrigger_closed_year_stays_a0066', referencing='REFERENCING NEW TABLE AS new_rows ', table='savings_amountshares', when='AFTER')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='amountshares',
                    trigger=pgtrigger.compiler.Trigger(name='closed_year_is_kept', sql=pgtrigger.compiler.UpsertTriggerSql(func="\n    IF EXISTS (\n        SELECT 1\n          FROM (SELECT DISTINCT pool_id FROM old_rows) r\n          JOIN savings_pool p ON p.id = r.pool_id\n          JOIN savings_financialyear y ON y.alliance_id = p.alliance_id AND y.year = p.year\n         WHERE y.closed_at IS NOT NULL\n    ) THEN\n        RAISE EXCEPTION 'The shares of a closed year never change.'\n        USING ERRCODE = 'check_violation', CONSTRAINT = 'closed_year_stays';\n    END IF;\n    RETURN NULL;\n", hash='9692120aaa1beded5fcbbc21852ab4bc8cf9e5d5', level='STATEMENT', operation='DELETE', pgid='pgtrigger_closed_year_is_kept_0db08', referencing='REFERENCING OLD TABLE AS old_rows ', table='savings_amountshares', when='AFTER')),
                ),
            ]
        ),
    ]
