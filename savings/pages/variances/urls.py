"""The addresses under /alliances/CODE/money/variances/."""

from django.urls import path

from savings.pages.variances import explaining, views

urlpatterns = [
    path("", views.Variances.as_view(), name="money-variances"),
    path(
        "<slug:month>/<slug:area_code>/<slug:kind>/<slug:recurrence>/",
        explaining.Explain.as_view(),
        name="money-explain",
    ),
]
