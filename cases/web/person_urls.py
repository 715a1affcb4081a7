"""The pages of persons and their matches."""

from django.urls import path

from cases.web import person_photos, persons

ONE_PHOTO = "persons/<int:key>/photos/<int:photo>/"

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
    path("persons/<int:key>/photos/", person_photos.add, name="person-photos"),
    path(ONE_PHOTO, person_photos.picture, name="person-photo"),
    path(ONE_PHOTO + "small/", person_photos.thumbnail, name="person-photo-small"),
    path(ONE_PHOTO + "words/", person_photos.describe, name="person-photo-words"),
    path(ONE_PHOTO + "main/", person_photos.make_main, name="person-photo-main"),
    path(ONE_PHOTO + "removal/", person_photos.remove, name="person-photo-removal"),
    path("matches/", persons.matches, name="matches"),
    path("matches/<int:key>/answer/", persons.answer, name="match-answer"),
    path("matches/<int:key>/decision/", persons.decide, name="match-decision"),
]
