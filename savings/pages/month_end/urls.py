"""The addresses under /alliances/CODE/money/month-end/."""

from django.urls import path

from savings.pages.month_end import acts, views

urlpatterns = [
    path("", views.Months.as_view(), name="money-month-ends"),
    path("<slug:month>/", views.MonthPage.as_view(), name="money-month-end"),
    path("<slug:month>/nil/", acts.SayNil.as_view(), name="money-month-nil"),
    path("<slug:month>/lock/", acts.Lock.as_view(), name="money-month-lock"),
    path("<slug:month>/unlock/", acts.Unlock.as_view(), name="money-month-unlock"),
]
