"""The addresses under /alliances/CODE/areas/.

An area's code is anything a slug can be, so what belongs to the list as a whole has a dot in its
name or a second part that no area's page has.
"""

from django.urls import path

from business_areas.views import listing, parts, states

urlpatterns = [
    path("list/save-view/", listing.SaveView.as_view(), name="areas-save-view"),
    path("list/views/<int:pk>/forget/", listing.ForgetView.as_view(), name="areas-forget-view"),
    path("list/add/", states.AddArea.as_view(), name="area-add"),
    path("<slug:area_code>/edit/<slug:part>/", parts.EditPart.as_view(), name="area-edit"),
    path("<slug:area_code>/hold/", states.HoldArea.as_view(), name="area-hold"),
    path("<slug:area_code>/resume/", states.ResumeArea.as_view(), name="area-resume"),
    path("<slug:area_code>/history/", states.AreaHistory.as_view(), name="area-history"),
]
