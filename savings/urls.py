"""The addresses under /alliances/CODE/money/."""

from django.urls import include, path

from savings import downloads, views
from savings.pages.amounts import views as amounts
from savings.pages.as_at import views as as_at
from savings.pages.grid import views as grid
from savings.pages.settlement import views as settlement
from savings.pages.sizes import grid_views as size_grid
from savings.pages.sizes import views as sizes

urlpatterns = [
    path("", views.ApportionedSavings.as_view(), name="money"),
    path("areas/<slug:area_code>/<slug:year>/", views.AreaWorkingPage.as_view(), name="money-area"),
    path(
        "areas/<slug:area_code>/<slug:year>/bearers/",
        amounts.NameBearer.as_view(),
        name="money-bearers",
    ),
    path(
        "areas/<slug:area_code>/<slug:year>/spread/",
        amounts.SpreadYear.as_view(),
        name="money-spread",
    ),
    path(
        "areas/<slug:area_code>/<slug:year>/gather/",
        amounts.GatherYear.as_view(),
        name="money-gather",
    ),
    path(
        "areas/<slug:area_code>/<slug:year>/grid/<slug:version>/",
        grid.GridPage.as_view(),
        name="money-grid",
    ),
    path(
        "areas/<slug:area_code>/<slug:year>/doubled/",
        amounts.TakeAwayDoubled.as_view(),
        name="money-area-doubled",
    ),
    path("months/", grid.GridOf.as_view(), name="money-grid-of"),
    path("doubled/", amounts.Doubled.as_view(), name="money-doubled"),
    path("amounts/<int:pk>/", views.AmountWorkingPage.as_view(), name="money-amount"),
    path("items/", include("savings.pages.items.urls")),
    path("sizes/", sizes.ForceSizes.as_view(), name="money-sizes"),
    path("sizes/record/", sizes.RecordRelease.as_view(), name="money-sizes-record"),
    path("sizes/<int:measure>/grid/", size_grid.SizesGrid.as_view(), name="money-sizes-grid"),
    path("sizes/withdraw/", sizes.WithdrawSizes.as_view(), name="money-sizes-withdraw"),
    path("rules/", include("savings.pages.rules.urls")),
    path("years/", include("savings.pages.closing.urls")),
    path("variances/", include("savings.pages.variances.urls")),
    path("month-end/", include("savings.pages.month_end.urls")),
    path("settlement/", include("savings.pages.settlement.urls")),
    path("papers/", include("savings.pages.papers.urls")),
    path("what-if/", include("savings.pages.what_if.urls")),
    # Where it stood before, for those who kept the address.
    path("net/<slug:year>/", settlement.NetBefore.as_view()),
    path("as-at/", as_at.AsAt.as_view(), name="money-as-at"),
    path("as-at/shares.csv", as_at.SharesAsAt.as_view(), name="money-as-at-csv"),
    path("as-at/shares.xlsx", as_at.SharesAsAtWorkbook.as_view(), name="money-as-at-xlsx"),
    path("runs/", views.Runs.as_view(), name="money-runs"),
    path("progress/", views.Progress.as_view(), name="money-progress"),
    path("shares.csv", downloads.SharesCsv.as_view(), name="money-shares-csv"),
    path("shares.xlsx", downloads.SharesWorkbook.as_view(), name="money-shares-xlsx"),
]
