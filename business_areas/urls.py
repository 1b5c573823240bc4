"""The addresses under /alliances/CODE/areas/."""

from django.urls import path

from business_areas import views

urlpatterns = [
    path("", views.BusinessAreas.as_view(), name="areas"),
    path("<slug:area_code>/", views.BusinessAreaPage.as_view(), name="area"),
]
