"""The addresses of files of sizes, under /alliances/CODE/money/sizes/."""

from django.urls import path

from alliance_portal.size_files import views

urlpatterns = [
    path("import/", views.ReadSizes.as_view(), name="money-sizes-import"),
    path("import/take/", views.TakeSizes.as_view(), name="money-sizes-take"),
]
