"""Addresses of reminders, absences and webhooks, under ``/api/v1/``."""

from django.urls import path

from registry.api import reminding

urlpatterns = [
    path("notices/", reminding.Notices.as_view(), name="api-notices"),
    path(
        "notices/<int:pk>/acknowledge/",
        reminding.Acknowledge.as_view(),
        name="api-notice-acknowledge",
    ),
    path("me/reminders/", reminding.Preferences.as_view(), name="api-reminder-preferences"),
    path("me/absences/", reminding.Absences.as_view(), name="api-absences"),
    path("me/absences/<int:pk>/", reminding.OneAbsence.as_view(), name="api-absence"),
    path(
        "authorities/<int:pk>/supervision/",
        reminding.Supervisions.as_view(),
        name="api-supervision",
    ),
    path(
        "authorities/<int:pk>/reminder-schedules/<str:schedule>/",
        reminding.Schedule.as_view(),
        name="api-reminder-schedule",
    ),
    path(
        "authorities/<int:pk>/risk-limits/",
        reminding.RiskLimits.as_view(),
        name="api-risk-limits",
    ),
    path("webhooks/", reminding.Webhooks.as_view(), name="api-webhooks"),
    path("webhooks/<int:pk>/", reminding.OneWebhook.as_view(), name="api-webhook"),
    path("webhooks/<int:pk>/test/", reminding.TestWebhook.as_view(), name="api-webhook-test"),
    path("webhooks/<int:pk>/enable/", reminding.EnableWebhook.as_view(), name="api-webhook-enable"),
]
