"""Addresses of the register's API, under ``/api/v1/``."""

from django.urls import path

from treaties.api import editing, imports, obligations, reports, views

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
    path("obligations/", obligations.Obligations.as_view(), name="api-obligations"),
    path(
        "obligations/recommendations/",
        obligations.Recommendations.as_view(),
        name="api-recommendations",
    ),
    path("obligations/files/", obligations.Files.as_view(), name="api-obligation-files"),
    path(
        "obligations/files/<str:reference>/",
        obligations.File.as_view(),
        name="api-obligation-file",
    ),
    path("obligations/files/<str:reference>/moves/", obligations.FileMoves.as_view()),
    path("obligations/files/<str:reference>/evidence/", obligations.FileEvidence.as_view()),
    path(
        "obligations/files/<str:reference>/evidence/<int:pk>/",
        obligations.OneEvidence.as_view(),
    ),
    path("obligations/files/<str:reference>/due/", obligations.FileDue.as_view()),
    path("obligations/files/<str:reference>/timeline/", obligations.FileTimeline.as_view()),
    path("obligations/files/<str:reference>/deadlines/", obligations.FileDeadlines.as_view()),
    path("compliance-reports/", reports.Reports.as_view(), name="api-reports"),
    path("compliance-reports/<str:report>/", reports.Report.as_view(), name="api-report"),
    path("compliance-reports/<str:report>/publication/", reports.ReportPublication.as_view()),
    path("compliance-reports/<str:report>/withdrawal/", reports.ReportWithdrawal.as_view()),
    path("compliance-reports/<str:report>/files/<str:form>/", reports.ReportFile.as_view()),
    path("report-schedules/", reports.Schedules.as_view(), name="api-report-schedules"),
    path("report-schedules/<int:pk>/", reports.Schedule.as_view()),
    path("published-reports/", reports.PublishedReports.as_view(), name="api-published"),
    path("published-reports/<str:report>/files/<str:form>/", reports.PublishedReportFile.as_view()),
    path("register/changes/", editing.Changes.as_view(), name="api-register-changes"),
    path("register/changes/<int:pk>/undo/", editing.Undo.as_view()),
    path("register/proposals/", editing.Proposals.as_view(), name="api-proposals"),
    path("register/proposals/<int:pk>/decision/", editing.Decision.as_view()),
    path("register/facts/<str:kind>/", editing.Facts.as_view(), name="api-facts"),
    path("register/facts/<str:kind>/<str:key>/", editing.Fact.as_view(), name="api-fact"),
    path("register/facts/<str:kind>/<str:key>/removal/", editing.FactRemoval.as_view()),
    path("register/facts/<str:kind>/<str:key>/verification/", editing.FactVerification.as_view()),
    path("register/imports/", imports.Imports.as_view(), name="api-imports"),
    path("register/imports/<int:pk>/", imports.OneImport.as_view(), name="api-import"),
    path("register/imports/<int:pk>/names/", imports.ImportNames.as_view()),
    path("register/imports/<int:pk>/application/", imports.ImportApplication.as_view()),
    path("register/imports/<int:pk>/undoing/", imports.ImportUndoing.as_view()),
]
