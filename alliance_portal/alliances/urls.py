"""The addresses under /alliances/CODE/settings/."""

from django.urls import path

from alliance_portal.alliances import views

urlpatterns = [
    path("", views.Settings.as_view(), name="settings"),
    path("facts/", views.ChangeAlliance.as_view(), name="settings-facts"),
    path("forces/<int:pk>/", views.ChangeForce.as_view(), name="settings-force"),
    path("measures/add/", views.AddMeasure.as_view(), name="settings-measure-add"),
    path("measures/<int:pk>/", views.ChangeMeasure.as_view(), name="settings-measure"),
    path("members/add/", views.AddStay.as_view(), name="settings-stay-add"),
    path("members/<int:pk>/", views.ChangeStay.as_view(), name="settings-stay"),
    path("members/<int:pk>/take-away/", views.TakeStayAway.as_view(), name="settings-stay-gone"),
]
