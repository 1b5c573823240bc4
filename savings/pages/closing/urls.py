"""The addresses under /alliances/CODE/money/years/."""

from django.urls import path

from savings.pages.closing import acts, adjusting, views

urlpatterns = [
    path("", views.Years.as_view(), name="money-years"),
    path("<slug:year>/", views.YearPage.as_view(), name="money-year"),
    path("<slug:year>/close/", acts.AskToClose.as_view(), name="money-year-close"),
    path("<slug:year>/confirm/", acts.Confirm.as_view(), name="money-year-confirm"),
    path("<slug:year>/refuse/", acts.Refuse.as_view(), name="money-year-refuse"),
    path("<slug:year>/withdraw/", acts.Withdraw.as_view(), name="money-year-withdraw"),
    path("<slug:year>/post/", adjusting.Post.as_view(), name="money-year-post"),
    path("<slug:year>/posted/<int:pk>/undo/", adjusting.Undo.as_view(), name="money-year-undo"),
]
