"""The address of an alliance's workbook, under /alliances/CODE/."""

from django.urls import path

from alliance_portal.workbook import views

urlpatterns = [path("workbook/", views.LoadWorkbook.as_view(), name="workbook")]
