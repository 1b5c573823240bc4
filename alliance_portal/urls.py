"""The addresses of the portal; those of its health are in middleware.py."""

from django.contrib import admin
from django.urls import include, path
from django.views.generic import RedirectView

from alliance_portal.typed.views import leave
from alliance_portal.views import errors, home

urlpatterns = [
    path("", home.Home.as_view(), name="home"),
    path("alliances/<slug:code>/", include("alliance_portal.dashboard.urls")),
    path("alliances/<slug:code>/areas/", include("business_areas.urls")),
    path("alliances/<slug:code>/areas/", include("alliance_portal.areas.urls")),
    path("alliances/<slug:code>/areas/", include("alliance_portal.go_live.urls")),
    path("alliances/<slug:code>/money/", include("savings.urls")),
    path("alliances/<slug:code>/money/sizes/", include("alliance_portal.size_files.urls")),
    path("alliances/<slug:code>/money/why/", include("alliance_portal.why.urls")),
    path("alliances/<slug:code>/settings/", include("alliance_portal.alliances.urls")),
    path("alliances/<slug:code>/", include("alliance_portal.dates.urls")),
    path("alliances/<slug:code>/", include("alliance_portal.roadmap.urls")),
    path("alliances/<slug:code>/", include("alliance_portal.workbook.urls")),
    path("typed/leave", leave, name="typed-leave"),
    path("accounts/", include("alliance_portal.sign_in.urls")),
    path("admin/password_change/", RedirectView.as_view(pattern_name="account_change_password")),
    # Django's way from any number to any page, which nothing here leads to.
    path("admin/r/<path:anywhere>", errors.missing),
    path("admin/", admin.site.urls),
]

handler500 = "alliance_portal.views.errors.server_error"
