"""The roadmap's addresses, under /alliances/CODE/."""

from django.urls import path

from alliance_portal.roadmap import views

urlpatterns = [
    path("roadmap/", views.RoadmapPage.as_view(), name="roadmap"),
    path("roadmap.svg", views.RoadmapPicture.as_view(), name="roadmap-svg"),
    path("roadmap.csv", views.RoadmapFile.as_view(ending="csv"), name="roadmap-csv"),
    path("roadmap.xlsx", views.RoadmapFile.as_view(ending="xlsx"), name="roadmap-xlsx"),
]
