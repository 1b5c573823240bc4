import django.db.models.deletion
import django.db.models.functions.datetime
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('business_areas', '0005_the_last_word_on_areas_from_workbooks'),
        ('pghistory', '0007_auto_20250421_0444'),
        ('programmes', '0007_settlements_are_changes'),
        ('savings', '0009_runs_name_their_changes'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    # What was guessed early; no page or command ever wrote a row of it.
    operations = [
        migrations.DeleteModel(name='SettlementAgreementEvent'),
        migrations.DeleteModel(name='SettlementAgreement'),
        migrations.DeleteModel(name='SettlementEvent'),
        migrations.DeleteModel(name='Settlement'),
        migrations.CreateModel(
            name='Settlement',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('revision', models.PositiveIntegerField(default=1, editable=False)),
                ('year', models.SmallIntegerField()),
                ('number', models.PositiveSmallIntegerField(verbose_name='version')),
                ('until', models.DateField(blank=True, null=True, verbose_name='to the end of')),
                ('due_on', models.DateField(blank=True, null=True, verbose_name='payments due on')),
                ('note', models.TextField(blank=True)),
                ('document', models.JSONField()),
                ('digest', models.CharField(max_length=64)),
                ('proposed_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False)),
                ('alliance', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='settlements', to='programmes.alliance')),
                ('proposed_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['alliance', '-year', '-number'],
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='SettlementAnswer',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('revision', models.PositiveIntegerField(default=1, editable=False)),
                ('says', models.CharField(choices=[('AGREES', 'Agrees to all that it does not dispute'), ('DISPUTES', 'Disputes a line'), ('WITHDRAWS', 'No longer disputes a line')], max_length=10)),
                ('kind', models.CharField(blank=True, choices=[('COST', 'Costs'), ('SAVING', 'Savings')], max_length=10, verbose_name='line')),
                ('about', models.CharField(blank=True, choices=[('RULE', 'The sharing rule'), ('SIZE', 'A force’s size'), ('AMOUNT', 'An amount'), ('BEARER', 'Who bore or banked it')], max_length=10)),
                ('note', models.TextField(blank=True, verbose_name='what is wrong')),
                ('owner', models.CharField(blank=True, max_length=200, verbose_name='who sees to it')),
                ('by_on', models.DateField(blank=True, null=True, verbose_name='to be resolved by')),
                ('said_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False)),
                ('alliance', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='programmes.alliance')),
                ('area', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='business_areas.businessarea')),
                ('force', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='programmes.force')),
                ('said_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('settlement', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='answers', to='savings.settlement')),
            ],
            options={
                'ordering': ['settlement', 'pk'],
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='SettlementAnswerEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('id', models.BigIntegerField()),
                ('revision', models.PositiveIntegerField(default=1, editable=False)),
                ('says', models.CharField(choices=[('AGREES', 'Agrees to all that it does not dispute'), ('DISPUTES', 'Disputes a line'), ('WITHDRAWS', 'No longer disputes a line')], max_length=10)),
                ('kind', models.CharField(blank=True, choices=[('COST', 'Costs'), ('SAVING', 'Savings')], max_length=10, verbose_name='line')),
                ('about', models.CharField(blank=True, choices=[('RULE', 'The sharing rule'), ('SIZE', 'A force’s size'), ('AMOUNT', 'An amount'), ('BEARER', 'Who bore or banked it')], max_length=10)),
                ('note', models.TextField(blank=True, verbose_name='what is wrong')),
                ('owner', models.CharField(blank=True, max_length=200, verbose_name='who sees to it')),
                ('by_on', models.DateField(blank=True, null=True, verbose_name='to be resolved by')),
                ('said_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False)),
                ('alliance', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='programmes.alliance')),
                ('area', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='business_areas.businessarea')),
                ('force', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='programmes.force')),
                ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='savings.settlementanswer')),
                ('said_by', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL)),
                ('settlement', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='savings.settlement')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='SettlementEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('id', models.BigIntegerField()),
                ('revision', models.PositiveIntegerField(default=1, editable=False)),
                ('year', models.SmallIntegerField()),
                ('number', models.PositiveSmallIntegerField(verbose_name='version')),
                ('until', models.DateField(blank=True, null=True, verbose_name='to the end of')),
                ('due_on', models.DateField(blank=True, null=True, verbose_name='payments due on')),
                ('note', models.TextField(blank=True)),
                ('document', models.JSONField()),
                ('digest', models.CharField(max_length=64)),
                ('proposed_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False)),
                ('alliance', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='programmes.alliance')),
                ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='savings.settlement')),
                ('proposed_by', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='SettlementPayment',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('revision', models.PositiveIntegerField(default=1, editable=False)),
                ('pence', models.BigIntegerField(verbose_name='amount')),
                ('paid_on', models.DateField()),
                ('reference', models.CharField(max_length=200)),
                ('recorded_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False)),
                ('alliance', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='programmes.alliance')),
                ('payee', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='programmes.force')),
                ('payer', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='programmes.force')),
                ('recorded_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('settlement', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='payments', to='savings.settlement')),
            ],
            options={
                'ordering': ['settlement', 'pk'],
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='SettlementPaymentEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('id', models.BigIntegerField()),
                ('revision', models.PositiveIntegerField(default=1, editable=False)),
                ('pence', models.BigIntegerField(verbose_name='amount')),
                ('paid_on', models.DateField()),
                ('reference', models.CharField(max_length=200)),
                ('recorded_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False)),
                ('alliance', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='programmes.alliance')),
                ('payee', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='programmes.force')),
                ('payer', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='programmes.force')),
                ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='savings.settlementpayment')),
                ('recorded_by', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL)),
                ('settlement', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='savings.settlement')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='SettlementWay',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('revision', models.PositiveIntegerField(default=1, editable=False)),
                ('alliance', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='settlement_way', to='programmes.alliance')),
                ('through', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='programmes.force')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='SettlementWayEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('id', models.BigIntegerField()),
                ('revision', models.PositiveIntegerField(default=1, editable=False)),
                ('alliance', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='programmes.alliance')),
                ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='savings.settlementway')),
                ('through', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='programmes.force')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.AddConstraint(
            model_name='settlement',
            constraint=models.UniqueConstraint(fields=('alliance', 'year', 'number'), name='settlement_version_once', violation_error_message='The year’s settlement already has this version.'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='settlement',
            trigger=pgtrigger.compiler.Trigger(name='count_revision', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='NEW.revision = OLD.revision + 1; RETURN NEW;', hash='32dc98f899e3c4c0c67da52e84245af49706ef3a', operation='UPDATE', pgid='pgtrigger_count_revision_057a2', table='savings_settlement', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='settlement',
            trigger=pgtrigger.compiler.Trigger(name='never_edited', sql=pgtrigger.compiler.UpsertTriggerSql(func="\n    RAISE EXCEPTION 'A settlement stays as it was proposed; propose another version.'\n    USING ERRCODE = 'check_violation', CONSTRAINT = 'proposed_settlement_stays';\n", hash='993545f6b38b27aa6a45cf74f0fc001224ec76f7', operation='UPDATE', pgid='pgtrigger_never_edited_9cb91', table='savings_settlement', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='settlement',
            trigger=pgtrigger.compiler.Trigger(name='never_deleted', sql=pgtrigger.compiler.UpsertTriggerSql(func="\n    RAISE EXCEPTION 'A proposed settlement stays on record.'\n    USING ERRCODE = 'check_violation', CONSTRAINT = 'proposed_settlement_stays';\n", hash='e9f14440bbfa17b78007431411c75334b840611c', operation='DELETE', pgid='pgtrigger_never_deleted_38f7a', table='savings_settlement', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='settlement',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "savings_settlementevent" ("alliance_id", "digest", "document", "due_on", "id", "note", "number", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "proposed_at", "proposed_by_id", "revision", "until", "year") VALUES (NEW."alliance_id", NEW."digest", NEW."document", NEW."due_on", NEW."id", NEW."note", NEW."number", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."proposed_at", NEW."proposed_by_id", NEW."revision", NEW."until", NEW."year"); RETURN NULL;', hash='8b56672ba06940ac3e971db550a4a80dc60b3e64', operation='INSERT', pgid='pgtrigger_insert_insert_5418d', table='savings_settlement', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='settlement',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "savings_settlementevent" ("alliance_id", "digest", "document", "due_on", "id", "note", "number", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "proposed_at", "proposed_by_id", "revision", "until", "year") VALUES (NEW."alliance_id", NEW."digest", NEW."document", NEW."due_on", NEW."id", NEW."note", NEW."number", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."proposed_at", NEW."proposed_by_id", NEW."revision", NEW."until", NEW."year"); RETURN NULL;', hash='969863f045c2651687263cd95fad45454cfb46a5', operation='UPDATE', pgid='pgtrigger_update_update_85846', table='savings_settlement', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='settlement',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "savings_settlementevent" ("alliance_id", "digest", "document", "due_on", "id", "note", "number", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "proposed_at", "proposed_by_id", "revision", "until", "year") VALUES (OLD."alliance_id", OLD."digest", OLD."document", OLD."due_on", OLD."id", OLD."note", OLD."number", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."proposed_at", OLD."proposed_by_id", OLD."revision", OLD."until", OLD."year"); RETURN NULL;', hash='ffc7773cc11b738b6c693b28e998273958086188', operation='DELETE', pgid='pgtrigger_delete_delete_83b34', table='savings_settlement', when='AFTER')),
        ),
        migrations.AddConstraint(
            model_name='settlementanswer',
            constraint=models.UniqueConstraint(fields=('settlement', 'force', 'says', 'area', 'kind'), name='settlement_answer_once', nulls_distinct=False, violation_error_message='The force has already said this of this version.'),
        ),
        migrations.AddConstraint(
            model_name='settlementanswer',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('about', ''), ('area__isnull', True), ('kind', ''), ('says', 'AGREES')), models.Q(('area__isnull', False), ('says__in', ['DISPUTES', 'WITHDRAWS']), models.Q(('kind', ''), _negated=True)), _connector='OR'), name='settlement_answer_has_its_line', violation_error_message='A dispute is of a line, and an agreement of none.'),
        ),
        migrations.AddConstraint(
            model_name='settlementanswer',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('says', 'DISPUTES'), _negated=True), models.Q(models.Q(('about', ''), _negated=True), models.Q(('note', ''), _negated=True)), _connector='OR'), name='settlement_dispute_says_what_is_wrong', violation_error_message='A dispute says what is wrong.'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='settlementanswer',
            trigger=pgtrigger.compiler.Trigger(name='count_revision', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='NEW.revision = OLD.revision + 1; RETURN NEW;', hash='8c153c18e36f243856a7a335e0e228e6358d71bf', operation='UPDATE', pgid='pgtrigger_count_revision_030a9', table='savings_settlementanswer', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='settlementanswer',
            trigger=pgtrigger.compiler.Trigger(name='never_edited', sql=pgtrigger.compiler.UpsertTriggerSql(func="\n    RAISE EXCEPTION 'What a force said of a settlement stays on record.'\n    USING ERRCODE = 'check_violation', CONSTRAINT = 'settlement_answer_stays';\n", hash='7020c4fd74546c94c70451b322c4a8a80bc7e9cb', operation='UPDATE OR DELETE', pgid='pgtrigger_never_edited_c2c63', table='savings_settlementanswer', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='settlementanswer',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "savings_settlementanswerevent" ("about", "alliance_id", "area_id", "by_on", "force_id", "id", "kind", "note", "owner", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "revision", "said_at", "said_by_id", "says", "settlement_id") VALUES (NEW."about", NEW."alliance_id", NEW."area_id", NEW."by_on", NEW."force_id", NEW."id", NEW."kind", NEW."note", NEW."owner", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."revision", NEW."said_at", NEW."said_by_id", NEW."says", NEW."settlement_id"); RETURN NULL;', hash='bd08cf2867cb445134c4d82ed1d41697410a829d', operation='INSERT', pgid='pgtrigger_insert_insert_006ad', table='savings_settlementanswer', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='settlementanswer',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "savings_settlementanswerevent" ("about", "alliance_id", "area_id", "by_on", "force_id", "id", "kind", "note", "owner", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "revision", "said_at", "said_by_id", "says", "settlement_id") VALUES (NEW."about", NEW."alliance_id", NEW."area_id", NEW."by_on", NEW."force_id", NEW."id", NEW."kind", NEW."note", NEW."owner", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."revision", NEW."said_at", NEW."said_by_id", NEW."says", NEW."settlement_id"); RETURN NULL;', hash='440656f7af5aaf33db9adb01a395d7122114680b', operation='UPDATE', pgid='pgtrigger_update_update_32fcc', table='savings_settlementanswer', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='settlementanswer',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "savings_settlementanswerevent" ("about", "alliance_id", "area_id", "by_on", "force_id", "id", "kind", "note", "owner", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "revision", "said_at", "said_by_id", "says", "settlement_id") VALUES (OLD."about", OLD."alliance_id", OLD."area_id", OLD."by_on", OLD."force_id", OLD."id", OLD."kind", OLD."note", OLD."owner", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."revision", OLD."said_at", OLD."said_by_id", OLD."says", OLD."settlement_id"); RETURN NULL;', hash='8100ae31bd0c883de25d5467150894fa18c44ff5', operation='DELETE', pgid='pgtrigger_delete_delete_9eb7b', table='savings_settlementanswer', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='settlementanswerevent',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='6de98bcbf49dfb12f58b92c317f5d0f9f750b511', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_98914', table='savings_settlementanswerevent', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='settlementevent',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='6be13764f7050dd50748a218ebcd698f5cd23285', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_9c053', table='savings_settlementevent', when='BEFORE')),
        ),
        migrations.AddConstraint(
            model_name='settlementpayment',
            constraint=models.CheckConstraint(condition=models.Q(('pence__gt', 0), models.Q(('payer', models.F('payee')), _negated=True)), name='settlement_payment_is_one', violation_error_message='A payment is of an amount above nothing, to another force.'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='settlementpayment',
            trigger=pgtrigger.compiler.Trigger(name='count_revision', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='NEW.revision = OLD.revision + 1; RETURN NEW;', hash='03865514c63e2a46f7015d8fe28b302f0243dd19', operation='UPDATE', pgid='pgtrigger_count_revision_ec257', table='savings_settlementpayment', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='settlementpayment',
            trigger=pgtrigger.compiler.Trigger(name='never_edited', sql=pgtrigger.compiler.UpsertTriggerSql(func="\n    RAISE EXCEPTION 'A payment on record is not edited; take it off the record and put it on again.'\n    USING ERRCODE = 'check_violation', CONSTRAINT = 'settlement_payment_stays';\n", hash='0b8f6ce234e2d7ebcb1a6f7006ab3773984e49a9', operation='UPDATE', pgid='pgtrigger_never_edited_a7bce', table='savings_settlementpayment', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='settlementpayment',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "savings_settlementpaymentevent" ("alliance_id", "id", "paid_on", "payee_id", "payer_id", "pence", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "recorded_at", "recorded_by_id", "reference", "revision", "settlement_id") VALUES (NEW."alliance_id", NEW."id", NEW."paid_on", NEW."payee_id", NEW."payer_id", NEW."pence", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."recorded_at", NEW."recorded_by_id", NEW."reference", NEW."revision", NEW."settlement_id"); RETURN NULL;', hash='73589fa14ae5781fddb0033670e95baebe6e4360', operation='INSERT', pgid='pgtrigger_insert_insert_b212e', table='savings_settlementpayment', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='settlementpayment',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "savings_settlementpaymentevent" ("alliance_id", "id", "paid_on", "payee_id", "payer_id", "pence", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "recorded_at", "recorded_by_id", "reference", "revision", "settlement_id") VALUES (NEW."alliance_id", NEW."id", NEW."paid_on", NEW."payee_id", NEW."payer_id", NEW."pence", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."recorded_at", NEW."recorded_by_id", NEW."reference", NEW."revision", NEW."settlement_id"); RETURN NULL;', hash='b8e4b98d47ee0b052749c9826c1c5e30243e849b', operation='UPDATE', pgid='pgtrigger_update_update_d5879', table='savings_settlementpayment', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='settlementpayment',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "savings_settlementpaymentevent" ("alliance_id", "id", "paid_on", "payee_id", "payer_id", "pence", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "recorded_at", "recorded_by_id", "reference", "revision", "settlement_id") VALUES (OLD."alliance_id", OLD."id", OLD."paid_on", OLD."payee_id", OLD."payer_id", OLD."pence", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."recorded_at", OLD."recorded_by_id", OLD."reference", OLD."revision", OLD."settlement_id"); RETURN NULL;', hash='8869ca08e1a964168f3fe7c9444c579de82ed59a', operation='DELETE', pgid='pgtrigger_delete_delete_1fbd7', table='savings_settlementpayment', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='settlementpaymentevent',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='1d1e8d5c65c3f1e83760b68961bc187a4a72e581', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_83c88', table='savings_settlementpaymentevent', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='settlementway',
            trigger=pgtrigger.compiler.Trigger(name='count_revision', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='NEW.revision = OLD.revision + 1; RETURN NEW;', hash='a11c4d32ed48329d6bc1eea1c39e5c77d467238a', operation='UPDATE', pgid='pgtrigger_count_revision_26c0f', table='savings_settlementway', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='settlementway',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "savings_settlementwayevent" ("alliance_id", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "revision", "through_id") VALUES (NEW."alliance_id", NEW."id", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."revision", NEW."through_id"); RETURN NULL;', hash='c1ad963687d7c18d6142023282455c09ed64e8b2', operation='INSERT', pgid='pgtrigger_insert_insert_f48f9', table='savings_settlementway', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='settlementway',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "savings_settlementwayevent" ("alliance_id", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "revision", "through_id") VALUES (NEW."alliance_id", NEW."id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."revision", NEW."through_id"); RETURN NULL;', hash='befeea702f71f50c7114b94f0d0f3140abc22597', operation='UPDATE', pgid='pgtrigger_update_update_5327b', table='savings_settlementway', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='settlementway',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "savings_settlementwayevent" ("alliance_id", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "revision", "through_id") VALUES (OLD."alliance_id", OLD."id", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."revision", OLD."through_id"); RETURN NULL;', hash='660b26878d047f4ba6f59a98aa6156e6e039dc11', operation='DELETE', pgid='pgtrigger_delete_delete_29a37', table='savings_settlementway', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='settlementwayevent',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='0ce618c37a32585233457fb5da9469ed9a30238f', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_094ab', table='savings_settlementwayevent', when='BEFORE')),
        ),
    ]
