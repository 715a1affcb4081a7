"""The pages of persons and their matches."""

from django.urls import path

from cases.web import persons

urlpatterns = [
    path("persons/", persons.persons, name="persons"),
    path("persons/<int:key>/", persons.person, name="person"),
    path("persons/<int:key>/identity/", persons.identity, name="person-identity"),
    path("persons/<int:key>/names/", persons.add_name, name="person-names"),
    path("persons/<int:key>/names/<int:name>/", persons.remove_name, name="person-name"),
    path("persons/<int:key>/documents/", persons.add_document, name="person-documents"),
    path(
        "persons/<int:key>/documents/<int:document>/",
        persons.remove_document,
        name="person-document",
    ),
    path("matches/", persons.matches, name="matches"),
    path("matches/<int:key>/answer/", persons.answer, name="match-answer"),
    path("matches/<int:key>/decision/", persons.decide, name="match-decision"),
]
