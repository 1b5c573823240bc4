"""The list of areas and an area's page, which show money: under /alliances/CODE/areas/."""

from django.urls import path

from alliance_portal.areas import listing, many, views

urlpatterns = [
    path("", listing.BusinessAreas.as_view(), name="areas"),
    path("list.csv", listing.AreasFile.as_view(ending="csv"), name="areas-csv"),
    path("list.xlsx", listing.AreasFile.as_view(ending="xlsx"), name="areas-xlsx"),
    path("list/change/", many.ChangeManyPriced.as_view(), name="areas-change"),
    path("<slug:area_code>/", views.AreaPage.as_view(), name="area"),
    path("<slug:area_code>/withdraw/", views.WithdrawArea.as_view(), name="area-withdraw"),
]
