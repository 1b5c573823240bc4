"""The addresses under /alliances/CODE/money/."""

from django.urls import include, path

from savings import downloads, views
from savings.pages.net import views as net

urlpatterns = [
    path("", views.ApportionedSavings.as_view(), name="money"),
    path("areas/<slug:area_code>/<slug:year>/", views.AreaWorkingPage.as_view(), name="money-area"),
    path("amounts/<int:pk>/", views.AmountWorkingPage.as_view(), name="money-amount"),
    path("sizes/", views.ForceSizes.as_view(), name="money-sizes"),
    path("sizes/record/", views.RecordSize.as_view(), name="money-sizes-record"),
    path("rules/", include("savings.pages.rules.urls")),
    path("net/<slug:year>/", net.NetPage.as_view(), name="money-net"),
    path("net/<slug:year>.csv", net.NetFile.as_view(), name="money-net-csv"),
    path("net/<slug:year>.xlsx", net.NetFile.as_view(ending="xlsx"), name="money-net-xlsx"),
    path("runs/", views.Runs.as_view(), name="money-runs"),
    path("progress/", views.Progress.as_view(), name="money-progress"),
    path("shares.csv", downloads.SharesCsv.as_view(), name="money-shares-csv"),
    path("shares.xlsx", downloads.SharesWorkbook.as_view(), name="money-shares-xlsx"),
]
