"""Addresses of the API of case files and extraditions, under ``/api/v1/``."""

from django.urls import path

from cases.api import case_files
from cases.api import extraditions as api

FILE = "cases/<str:reference>/"
PARTS = {
    "persons": ("persons", "person"),
    "offences": ("offences", "offence"),
    "team": ("team", "member"),
    "linked": ("links", "link"),
    "related": ("related_files", "related_file"),
    "joint-teams": ("joint_teams", "joint_team"),
    "evidence": ("evidence", "evidence_item"),
    "objects": ("objects", "object"),
    "limitation": ("limitation_periods", "limitation_period"),
}
"""How the description calls all and one of each part."""
ONE = "extraditions/<str:reference>/"

urlpatterns = [
    path("cases/", case_files.CaseFiles.as_view(), name="api-case-files"),
    path(FILE, case_files.OneCaseFile.as_view(), name="api-case-file"),
    path(FILE + "board/", case_files.CaseBoard.as_view()),
    path(FILE + "timeline/", case_files.CaseTimeline.as_view()),
    path(FILE + "related/<int:number>/follow/", case_files.FollowRelatedFile.as_view()),
    path("extraditions/", api.Extraditions.as_view(), name="api-extraditions"),
    path(ONE, api.OneExtradition.as_view(), name="api-extradition"),
    path(ONE + "moves/", api.ExtraditionMoves.as_view()),
    path(ONE + "contents/", api.ExtraditionContents.as_view()),
    path(ONE + "assurances/", api.Assurances.as_view()),
    path(ONE + "assurances/<int:pk>/", api.OneAssurance.as_view()),
    path(ONE + "speciality/", api.Speciality.as_view()),
    path(ONE + "speciality/<int:pk>/", api.OneConsent.as_view()),
    path(ONE + "concurrent-requests/", api.ConcurrentRequests.as_view()),
    path(ONE + "concurrent-requests/<int:pk>/", api.OneConcurrentRequest.as_view()),
    path(ONE + "transits/", api.Transits.as_view()),
    path(ONE + "transits/<int:pk>/", api.OneTransit.as_view()),
    path(ONE + "timeline/", api.ExtraditionTimeline.as_view()),
    path(ONE + "deadlines/", api.ExtraditionDeadlines.as_view()),
]

for part, words in PARTS.items():
    views = case_files.views_of(part, *words)
    urlpatterns += [
        path(f"{FILE}{part}/", views["all"]),
        path(f"{FILE}{part}/<int:number>/", views["one"]),
    ]
