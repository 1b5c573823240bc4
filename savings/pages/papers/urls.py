"""The addresses under /alliances/CODE/money/papers/."""

from django.urls import path

from savings.pages.papers import statements, views

urlpatterns = [
    path("", views.Papers.as_view(), name="money-papers"),
    path("verify.py", views.Verifier.as_view(), name="money-papers-verifier"),
    path("methodology.pdf", statements.Methodology.as_view(), name="money-papers-methodology-pdf"),
    path(
        "methodology.docx",
        statements.Methodology.as_view(ending="docx"),
        name="money-papers-methodology-docx",
    ),
    path(
        "<slug:year>/settlement.pdf",
        statements.SettlementPaper.as_view(),
        name="money-papers-settlement-pdf",
    ),
    path(
        "<slug:year>/settlement.docx",
        statements.SettlementPaper.as_view(ending="docx"),
        name="money-papers-settlement-docx",
    ),
    path("<slug:year>/proof.json", views.ProofFile.as_view(), name="money-papers-proof"),
    path("<slug:year>/working.xlsx", views.WorkingFile.as_view(), name="money-papers-working"),
]
