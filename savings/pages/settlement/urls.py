"""The addresses under /alliances/CODE/money/settlement/."""

from django.urls import path

from savings.pages.settlement import views

urlpatterns = [
    path("", views.Settlements.as_view(), name="money-settlement"),
    path("<slug:year>/", views.SettlementOfYear.as_view(), name="money-settlement-year"),
    path("<slug:year>/by-area.csv", views.ByArea.as_view(), name="money-settlement-csv"),
    path(
        "<slug:year>/by-area.xlsx",
        views.ByArea.as_view(ending="xlsx"),
        name="money-settlement-xlsx",
    ),
    path("<slug:year>/journal.csv", views.Journal.as_view(), name="money-settlement-journal"),
    path(
        "<slug:year>/journal.xlsx",
        views.Journal.as_view(ending="xlsx"),
        name="money-settlement-journal-xlsx",
    ),
]
