"""The pages of requests."""

from django.urls import path

from mla.web import (
    editing,
    execution,
    letter,
    listing,
    moves,
    packages,
    people,
    questionnaires,
    receiving,
    request_page,
    spreadsheets,
    starting,
    statistics,
    triage,
)

urlpatterns = [
    path("statistics/", statistics.figures, name="statistics"),
    path("statistics/<str:figure>/", statistics.behind, name="statistics-list"),
    path("questionnaires/", questionnaires.all_of_them, name="questionnaires"),
    path("questionnaires/pack/", questionnaires.pack, name="evaluation-pack"),
    path("questionnaires/<str:code>/", questionnaires.one, name="questionnaire"),
    path("exchange/", packages.arrived, name="exchange"),
    path("exchange/<int:number>/", packages.take_in, name="arrived-package"),
    path("requests/<str:reference>/package/", packages.package, name="request-package"),
    path("requests/<str:reference>/package.asice", packages.download, name="request-package-file"),
    path("spreadsheets/", spreadsheets.spreadsheets, name="spreadsheets"),
    path("spreadsheets/<int:number>/", spreadsheets.spreadsheet, name="spreadsheet"),
    path("spreadsheets/<int:number>/progress/", spreadsheets.progress, name="spreadsheet-progress"),
    path("requests/", listing.requests, name="requests"),
    path("requests/new/", starting.new_request, name="request-new"),
    path("requests/new/legal-basis/", starting.legal_basis_answer, name="request-new-basis"),
    path("requests/reassign/", listing.reassign_requests, name="requests-reassign"),
    path("requests/register/", receiving.register, name="request-register"),
    path(
        "requests/register/authorities/", receiving.authorities, name="request-register-authorities"
    ),
    path("requests/<str:reference>/", request_page.request_page, name="request"),
    path("requests/<str:reference>/edit/", editing.edit, name="request-edit"),
    path("requests/<str:reference>/autosave/", editing.autosave, name="request-autosave"),
    path("requests/<str:reference>/checklist/", editing.checklist_panel, name="request-checklist"),
    path("requests/<str:reference>/annexes/", editing.annex, name="request-annex"),
    path("requests/<str:reference>/moves/<str:move>/", moves.move, name="request-move"),
    path("requests/<str:reference>/execution/", execution.execution, name="request-execution"),
    path("requests/<str:reference>/triage/", triage.triage, name="request-triage"),
    path("requests/<str:reference>/people/", people.name_person, name="request-people"),
    path("requests/<str:reference>/seal/", people.seal, name="request-seal"),
    path("requests/<str:reference>/preview/", letter.preview, name="request-preview"),
    path("requests/<str:reference>/preview/sheet/", letter.sheet, name="request-sheet"),
    path("requests/<str:reference>/preview.pdf", letter.draft_pdf, name="request-draft-pdf"),
    path("requests/<str:reference>/letter/", letter.letter_state, name="request-letter-state"),
    path(
        "requests/<str:reference>/deadlines/<int:deadline>/reminder/",
        letter.reminder,
        name="request-reminder",
    ),
    path("requests/<str:reference>/letter.pdf", letter.final_pdf, name="request-letter-pdf"),
]
