"""The pages of the register: States, instruments, and the question of the legal basis."""

from django.urls import path

from treaties.web import (
    ask,
    compliance,
    editing,
    imports,
    instruments,
    matrix,
    notifications,
    obligation,
    offences,
    reports,
    states,
)

urlpatterns = [
    path("states/", states.states, name="states"),
    path("states/<str:code>/", states.state, name="state"),
    path("instruments/", instruments.instruments, name="instruments"),
    path("instruments/<str:code>/", instruments.instrument, name="instrument"),
    path("legal-basis/", ask.legal_basis, name="legal_basis"),
    path("legal-basis/matrix/", matrix.matrix, name="matrix"),
    path("compliance/", compliance.overview, name="compliance"),
    path("compliance/open/", compliance.open_file, name="compliance-open"),
    path(
        "compliance/recommendations/new/",
        compliance.new_recommendation,
        name="compliance-recommendation",
    ),
    path("compliance/under/<str:code>/", compliance.group, name="compliance-group"),
    path("compliance/files/<str:reference>/", obligation.obligation, name="obligation"),
    path("compliance/files/<str:reference>/<str:act>/", obligation.act, name="obligation-act"),
    path("compliance/reports/", reports.reports, name="reports"),
    path("compliance/reports/new/", reports.new, name="report-new"),
    path("compliance/reports/schedules/stop/", reports.stop_schedule, name="report-schedule-stop"),
    path("compliance/reports/<str:report>/", reports.report, name="report"),
    path("compliance/reports/<str:report>/progress/", reports.progress, name="report-progress"),
    path(
        "compliance/reports/<str:report>/download/<str:form>/",
        reports.download,
        name="report-download",
    ),
    path("compliance/reports/<str:report>/<str:act>/", reports.act, name="report-act"),
    path("published/", reports.published, name="published-reports"),
    path("published/<str:report>/", reports.published_report, name="published-report"),
    path(
        "published/<str:report>/<str:form>/",
        reports.published_download,
        name="published-report-download",
    ),
    path("register/changes/", editing.changes, name="register-changes"),
    path("register/changes/undo/", editing.undo, name="register-undo"),
    path("register/proposals/", editing.open_proposals, name="proposals"),
    path("register/to-check/", editing.ageing, name="register-ageing"),
    path("offences/compare/", offences.compare, name="offence-table"),
    path("compliance/notifications/", notifications.owed, name="notifications-owed"),
    path("register/imports/", imports.imports, name="imports"),
    path("register/imports/<int:number>/", imports.one, name="import"),
    path("register/<str:kind>/new/", editing.add, name="fact-add"),
    path("register/<str:kind>/<str:key>/", editing.fact, name="fact"),
]
