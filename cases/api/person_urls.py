"""Addresses of persons and matches, under ``/api/v1/``."""

from django.urls import path

from cases.api import persons

urlpatterns = [
    path("persons/", persons.Persons.as_view(), name="api-persons"),
    path(
        "persons/<int:key>/identity/",
        persons.PersonIdentity.as_view(),
        name="api-person-identity",
    ),
    path("matches/", persons.Matches.as_view(), name="api-matches"),
    path("matches/<int:key>/", persons.OneMatch.as_view(), name="api-match"),
    path("matches/<int:key>/answer/", persons.MatchAnswer.as_view(), name="api-match-answer"),
    path("matches/<int:key>/decision/", persons.MatchDecision.as_view(), name="api-match-decision"),
]
