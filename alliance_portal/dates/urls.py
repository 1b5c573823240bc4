"""The addresses of milestones and of the by-month pages, under /alliances/CODE/."""

from typing import Any

from django.urls import URLPattern, path

from alliance_portal.dates import approval, by_month, milestones, new_date, reached, views

_PAGES: tuple[tuple[str, str, Any], ...] = (
    ("", "change", views.MilestoneDates),
    ("reason/", "reason", new_date.ReasonAndPrice),
    ("confirm/", "confirm", views.Confirm),
    ("changes/<int:pk>/", "changed", views.Changed),
    ("slippage/", "slippage", views.SlippagePriced),
    ("approved/", "approve", approval.AskForApproval),
    ("approved/<int:pk>/", "approval", approval.Approval),
    ("reached/", "reached", reached.Reached),
    ("reached/correct/", "reached-correct", reached.CorrectReached),
    ("remove/", "remove", milestones.RemoveMilestone),
)


def _pages(start: str, prefix: str) -> list[URLPattern]:
    """The pages of a milestone, of an area or of the programme."""
    return [
        path(
            f"{start}milestones/<slug:milestone_code>/{end}", page.as_view(), name=f"{prefix}{name}"
        )
        for end, name, page in _PAGES
    ]


urlpatterns = [
    path("dates/", by_month.DatesByMonth.as_view(), name="dates"),
    path("dates/file.csv", by_month.DatesFile.as_view(), name="dates-csv"),
    path(
        "areas/<slug:area_code>/add-milestone/",
        milestones.AddMilestone.as_view(),
        name="area-add-milestone",
    ),
    *_pages("areas/<slug:area_code>/", "date-"),
    *_pages("", "programme-date-"),
]
