"""Addresses of the requests' API, under ``/api/v1/``."""

from django.urls import path

from mla.api import (
    costs,
    exchange,
    execution,
    sendings,
    spreadsheets,
    standing,
    statistics,
    translations,
    triage,
    views,
)
from mla.api import part_views as parts

ONE = "requests/<str:reference>/"

urlpatterns = [
    path("requests/", views.Requests.as_view(), name="api-requests"),
    path("requests/reassignment/", views.Reassignment.as_view(), name="api-requests-reassign"),
    path("requests/received/", views.ReceivedRequests.as_view(), name="api-requests-received"),
    path(ONE, views.OneRequest.as_view(), name="api-request"),
    path(ONE + "legal-basis/", views.RequestBasis.as_view(), name="api-request-basis"),
    path(ONE + "checklist/", views.RequestChecklist.as_view(), name="api-request-checklist"),
    path(ONE + "duplicates/", views.RequestDuplicates.as_view(), name="api-request-duplicates"),
    path(ONE + "moves/", views.RequestMoves.as_view(), name="api-request-moves"),
    path(ONE + "triage/", triage.Triage.as_view(), name="api-request-triage"),
    path(ONE + "refusal-grounds/", triage.Grounds.as_view(), name="api-request-grounds"),
    path(ONE + "letter/", views.RequestLetter.as_view(), name="api-request-letter"),
    path(ONE + "timeline/", views.RequestTimeline.as_view(), name="api-request-timeline"),
    path(ONE + "original/", views.RequestOriginal.as_view(), name="api-request-original"),
    path(ONE + "deadlines/", views.RequestDeadlines.as_view(), name="api-request-deadlines"),
    path(ONE + "measures/", parts.Measures.as_view(), name="api-request-measures"),
    path(ONE + "measures/<int:pk>/", parts.OneMeasure.as_view(), name="api-request-measure"),
    path(ONE + "measures/<int:pk>/moves/", execution.MeasureMoves.as_view()),
    path(ONE + "measures/<int:pk>/authority/", execution.MeasureAuthority.as_view()),
    path(ONE + "items/", execution.Items.as_view(), name="api-request-items"),
    path(ONE + "items/<int:pk>/passing-on/", execution.ItemPassingOn.as_view()),
    path(ONE + "items/<int:pk>/return/", execution.ItemReturn.as_view()),
    path(
        ONE + "transmissions/", execution.Transmissions.as_view(), name="api-request-transmissions"
    ),
    path(ONE + "transmissions/<int:pk>/receipt/", execution.TransmissionReceipt.as_view()),
    path(ONE + "costs/", costs.Costs.as_view(), name="api-request-costs"),
    path(ONE + "costs/<int:pk>/consultation/", costs.CostConsultation.as_view()),
    path(ONE + "costs/<int:pk>/agreement/", costs.CostAgreement.as_view()),
    path(ONE + "costs/<int:pk>/payment/", costs.CostPayment.as_view()),
    path(ONE + "costs/<int:pk>/dropping/", costs.CostDropping.as_view()),
    path(ONE + "standing/", standing.RequestStanding.as_view()),
    path(ONE + "translations/", translations.Translations.as_view()),
    path(ONE + "translations/<int:pk>/receipt/", translations.TranslationReceipt.as_view()),
    path(ONE + "translations/<int:pk>/new-text/", translations.TranslationNewText.as_view()),
    path(
        ONE + "translations/<int:pk>/cancellation/", translations.TranslationCancellation.as_view()
    ),
    path(ONE + "persons/", parts.Persons.as_view(), name="api-request-persons"),
    path(ONE + "persons/<int:pk>/", parts.OnePerson.as_view(), name="api-request-person"),
    path(ONE + "offences/", parts.Offences.as_view(), name="api-request-offences"),
    path(ONE + "offences/<int:pk>/", parts.OneOffence.as_view(), name="api-request-offence"),
    path(ONE + "annexes/", parts.Annexes.as_view(), name="api-request-annexes"),
    path(ONE + "annexes/<int:pk>/", parts.OneAnnex.as_view(), name="api-request-annex"),
    path(ONE + "sendings/", sendings.Sendings.as_view(), name="api-request-sendings"),
    path(ONE + "sendings/<int:pk>/outcome/", sendings.SendingOutcome.as_view()),
    path("exchange/key/", exchange.OwnKey.as_view()),
    path("exchange/packages/", exchange.Packages.as_view()),
    path("exchange/reports/", exchange.Reports.as_view()),
    path("exchange/arrived/", exchange.ArrivedPackages.as_view()),
    path("exchange/arrived/<int:pk>/taking-in/", exchange.TakingIn.as_view()),
    path(ONE + "package/", exchange.RequestPackage.as_view()),
    path(ONE + "package/file/", exchange.RequestPackageFile.as_view()),
    path("spreadsheets/", spreadsheets.Spreadsheets.as_view()),
    path("spreadsheets/<int:pk>/", spreadsheets.OneSpreadsheet.as_view()),
    path("spreadsheets/<int:pk>/rows/", spreadsheets.SpreadsheetRows.as_view()),
    path("spreadsheets/<int:pk>/mapping/", spreadsheets.SpreadsheetMapping.as_view()),
    path("spreadsheets/<int:pk>/answers/", spreadsheets.SpreadsheetAnswers.as_view()),
    path("spreadsheets/<int:pk>/application/", spreadsheets.SpreadsheetApplication.as_view()),
    path("spreadsheets/<int:pk>/undoing/", spreadsheets.SpreadsheetUndoing.as_view()),
    path("statistics/", statistics.Statistics.as_view(), name="api-statistics"),
    path("questionnaires/<str:code>/", statistics.Questionnaire.as_view()),
]
