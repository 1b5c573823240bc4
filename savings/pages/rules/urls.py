"""The addresses under /alliances/CODE/money/rules/."""

from django.urls import path

from savings.pages.rules import views

urlpatterns = [
    path("", views.SharingRules.as_view(), name="money-rules"),
    path("set/", views.SetRule.as_view(), name="money-rule-set"),
    path("set/<slug:area_code>/", views.SetRule.as_view(), name="money-rule-set-area"),
    path("end/<slug:area_code>/", views.EndRule.as_view(), name="money-rule-end"),
    path("<int:pk>/correct/", views.CorrectRule.as_view(), name="money-rule-correct"),
    path("<int:pk>/take-away/", views.TakeRuleAway.as_view(), name="money-rule-take-away"),
]
