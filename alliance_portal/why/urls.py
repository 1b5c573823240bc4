"""The addresses under /alliances/CODE/money/why/."""

from django.urls import path

from alliance_portal.why import views

urlpatterns = [
    path("", views.WhyPage.as_view(), name="money-why"),
    path("changes/<int:pk>/", views.ChangePage.as_view(), name="money-change"),
]
