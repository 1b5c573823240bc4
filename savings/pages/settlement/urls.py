"""The addresses under /alliances/CODE/money/settlement/."""

from django.urls import path

from savings.pages.settlement import acts, answers, paid, versions, views

VERSION = "<slug:year>/versions/<int:number>/"

urlpatterns = [
    path("", views.Settlements.as_view(), name="money-settlement"),
    path("how/", acts.ChooseWay.as_view(), name="money-settlement-way"),
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
    path("<slug:year>/propose/", acts.Propose.as_view(), name="money-settlement-propose"),
    path(VERSION, versions.SettlementVersion.as_view(), name="money-settlement-version"),
    path(
        f"{VERSION}journal.csv",
        views.Journal.as_view(),
        name="money-settlement-version-journal",
    ),
    path(f"{VERSION}by-area.csv", views.ByArea.as_view(), name="money-settlement-version-csv"),
    path(
        f"{VERSION}by-area.xlsx",
        views.ByArea.as_view(ending="xlsx"),
        name="money-settlement-version-xlsx",
    ),
    path(f"{VERSION}agree/", answers.Agree.as_view(), name="money-settlement-agree"),
    path(
        f"{VERSION}dispute/<slug:area_code>/<slug:kind>/",
        answers.Dispute.as_view(),
        name="money-settlement-dispute",
    ),
    path(
        f"{VERSION}let-go/<slug:area_code>/<slug:kind>/<slug:force_code>/",
        answers.LetGo.as_view(),
        name="money-settlement-let-go",
    ),
    path(
        f"{VERSION}paid/<slug:payer>/<slug:payee>/",
        paid.RecordPaid.as_view(),
        name="money-settlement-paid",
    ),
    path(
        f"{VERSION}payments/<int:pk>/take-off/",
        paid.TakePaidOff.as_view(),
        name="money-settlement-take-off",
    ),
]
