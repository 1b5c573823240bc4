"""The addresses of going live, under /alliances/CODE/areas/."""

from django.urls import path

from alliance_portal.go_live import check, correction, views

urlpatterns = [
    path("<slug:area_code>/go-live/", views.ReadyToGoLive.as_view(), name="go-live"),
    path(
        "<slug:area_code>/go-live/not-applicable/",
        views.MarkNotApplicable.as_view(),
        name="go-live-mark",
    ),
    path("<slug:area_code>/go-live/check/", check.CheckGoLive.as_view(), name="go-live-check"),
    path("<slug:area_code>/go-live/live/", views.AreaIsLive.as_view(), name="go-live-done"),
    path(
        "<slug:area_code>/go-live/correct/",
        correction.CorrectGoLive.as_view(),
        name="go-live-correct",
    ),
]
