"""The addresses under /alliances/CODE/money/what-if/."""

from django.urls import path

from savings.pages.what_if import views

urlpatterns = [
    path("", views.WhatIfs.as_view(), name="money-what-if"),
    path("beside/", views.WhatIfsBeside.as_view(), name="money-what-if-beside"),
    path("<int:pk>/", views.WhatIf.as_view(), name="money-what-if-one"),
    path("<int:pk>/suppose/<slug:kind>/", views.Suppose.as_view(), name="money-what-if-suppose"),
    path("<int:pk>/take-out/<int:number>/", views.TakeOut.as_view(), name="money-what-if-take-out"),
    path("<int:pk>/forget/", views.Forget.as_view(), name="money-what-if-forget"),
]
