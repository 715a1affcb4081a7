"""Addresses of the pages of deadlines, all under ``/deadlines/``."""

from django.urls import path

from registry.web import clock_health, my_day, reminder_rounds, watching

urlpatterns = [
    path("deadlines/my-day/", my_day.my_day, name="my-day"),
    path("deadlines/team/", my_day.team_week, name="team-week"),
    path("deadlines/at-risk/", watching.at_risk, name="deadlines-at-risk"),
    path("deadlines/missed/", watching.missed_deadlines, name="deadlines-missed"),
    path("deadlines/missed/<int:deadline>/explain/", watching.explain, name="missed-explain"),
    path("deadlines/urgent/", watching.urgent, name="urgent-matters"),
    path("deadlines/late-with-them/", watching.late_with_them, name="late-with-them"),
    path("deadlines/late-with-them/letters/", reminder_rounds.rounds, name="reminder-rounds"),
    path(
        "deadlines/late-with-them/letters/<int:number>/",
        reminder_rounds.one,
        name="reminder-round",
    ),
    path(
        "deadlines/late-with-them/letters/<int:number>/progress/",
        reminder_rounds.progress,
        name="reminder-round-progress",
    ),
    path("deadlines/health/", clock_health.clock_health, name="clock-health"),
]
