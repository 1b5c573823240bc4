"""The dashboard's addresses, under /alliances/CODE/."""

from django.urls import path

from alliance_portal.dashboard import files, status_page, views

urlpatterns = [
    path("", views.DashboardPage.as_view(), name="overview"),
    path("about/", views.About.as_view(), name="overview-about"),
    path("figures/", views.Figures.as_view(), name="overview-figures"),
    path("forces/<slug:force_code>/", views.ForcePage.as_view(), name="overview-force"),
    path("changes/", views.Changes.as_view(), name="overview-changes"),
    path("charts/<slug:name>.csv", files.ChartFile.as_view(), name="overview-chart-csv"),
    path("statuses/", views.Statuses.as_view(), name="statuses"),
    path(
        "statuses/programme/<slug:strand>/",
        status_page.StatusPage.as_view(),
        name="statuses-programme",
    ),
    path(
        "statuses/areas/<slug:area_code>/<slug:strand>/",
        status_page.StatusPage.as_view(),
        name="statuses-area",
    ),
]
