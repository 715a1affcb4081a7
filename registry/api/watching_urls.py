"""Addresses of what must be looked after, under ``/api/v1/``."""

from django.urls import path

from registry.api import my_day, watching

urlpatterns = [
    path("deadlines/at-risk/", watching.AtRisk.as_view(), name="api-deadlines-at-risk"),
    path("deadlines/late-with-them/", watching.LateWithThem.as_view(), name="api-late-with-them"),
    path("deadlines/missed/", watching.Missed.as_view(), name="api-deadlines-missed"),
    path(
        "deadlines/missed/<int:pk>/explanation/",
        watching.Explanation.as_view(),
        name="api-missed-explanation",
    ),
    path("deadlines/health/", watching.Health.as_view(), name="api-clock-health"),
    path("me/day/", my_day.Today.as_view(), name="api-my-day"),
    path("me/team-week/", my_day.TeamWeek.as_view(), name="api-team-week"),
    path("urgent/", watching.Urgent.as_view(), name="api-urgent"),
]
