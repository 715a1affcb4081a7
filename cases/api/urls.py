"""Addresses of the extraditions' API, under ``/api/v1/``."""

from django.urls import path

from cases.api import extraditions as api

ONE = "extraditions/<str:reference>/"

urlpatterns = [
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
