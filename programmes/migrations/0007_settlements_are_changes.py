from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('programmes', '0006_requests_to_approve_dates'),
    ]

    operations = [
        migrations.AlterField(
            model_name='change',
            name='kind',
            field=models.CharField(choices=[('ALLIANCE', 'Alliance'), ('FORCES', 'Forces'), ('MEMBERSHIP', 'Membership'), ('SIZE', 'Force size'), ('RULE', 'Sharing rule'), ('ITEM', 'Item'), ('AMOUNT', 'Amount'), ('AREA', 'Business area'), ('NEW_AREA', 'New business area'), ('STAGE', 'Stage'), ('HOLD', 'Hold'), ('WITHDRAWAL', 'Withdrawal'), ('SHARED_BY', 'Who shares an area'), ('DESIGN', 'Design'), ('PEOPLE', 'People'), ('MILESTONE', 'Milestone'), ('FORECAST_DATE', 'Forecast date'), ('APPROVED_DATE', 'Approved date'), ('APPROVAL', 'Request for an approved date'), ('REACHED', 'Milestone reached'), ('GO_LIVE', 'Go-live'), ('CORRECTION', 'Correction'), ('READINESS', 'Readiness'), ('STATUS', 'Status'), ('MANY', 'Many areas'), ('WORKBOOK', 'Workbook'), ('FIRST_LOAD', 'First workbook'), ('YEAR', 'Financial year'), ('SETTLEMENT', 'Settlement')], max_length=20),
        ),
    ]
