"""The charts' files, under /alliances/CODE/."""

from django.urls import path

from alliance_portal.charts import views

urlpatterns = [
    path("charts/<slug:name>.csv", views.ChartFile.as_view(), name="overview-chart-csv"),
]
