"""The addresses of one area that show its money: /alliances/CODE/areas/AREA/."""

from django.urls import path

from alliance_portal.areas import views

urlpatterns = [
    path("<slug:area_code>/", views.AreaPage.as_view(), name="area"),
    path("<slug:area_code>/withdraw/", views.WithdrawArea.as_view(), name="area-withdraw"),
]
