"""Addresses of the register's API, under ``/api/v1/``."""

from django.urls import path

from treaties.api import views

urlpatterns = [
    path("states/", views.StateList.as_view(), name="api-states"),
    path("states/<str:code>/", views.StateDetail.as_view(), name="api-state"),
    path("instruments/", views.InstrumentList.as_view(), name="api-instruments"),
    path("instruments/<str:code>/", views.InstrumentDetail.as_view(), name="api-instrument"),
    path(
        "instruments/<str:code>/parties/",
        views.InstrumentParties.as_view(),
        name="api-instrument-parties",
    ),
    path("participations/", views.ParticipationList.as_view(), name="api-participations"),
    path("measures/", views.MeasureList.as_view(), name="api-measures"),
    path("offences/", views.OffenceList.as_view(), name="api-offences"),
    path("legal-basis/", views.LegalBasis.as_view(), name="api-legal-basis"),
]
