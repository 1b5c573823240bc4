"""The addresses under /alliances/CODE/money/papers/."""

from django.urls import path

from savings.pages.papers import views

urlpatterns = [
    path("", views.Papers.as_view(), name="money-papers"),
    path("verify.py", views.Verifier.as_view(), name="money-papers-verifier"),
    path("<slug:year>/proof.json", views.ProofFile.as_view(), name="money-papers-proof"),
    path("<slug:year>/working.xlsx", views.WorkingFile.as_view(), name="money-papers-working"),
]
