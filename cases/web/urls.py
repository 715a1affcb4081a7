"""The pages of case files and extraditions."""

from django.urls import path

from cases.web import (
    case_files,
    extradition_opening,
    extradition_page,
    extradition_parts,
    extraditions,
)

ONE = "extraditions/<str:reference>/"
FILE = "cases/<str:reference>/"

urlpatterns = [
    path("cases/", case_files.listed, name="case-files"),
    path("cases/new/", case_files.new, name="case-file-new"),
    path(FILE, case_files.page, name="case-file"),
    path(FILE + "edit/", case_files.edit, name="case-file-edit"),
    path(FILE + "add/<str:part>/", case_files.add, name="case-file-add"),
    path(FILE + "parts/<str:part>/<int:number>/", case_files.change_part, name="case-file-part"),
    path(FILE + "objects/<int:number>/", case_files.agree_about_object, name="case-file-object"),
    path(FILE + "files-elsewhere/", case_files.follow, name="case-file-follow"),
    path(FILE + "chart.svg", case_files.chart, name="case-file-chart"),
    path(FILE + "seal/", case_files.seal, name="case-file-seal"),
    path("extraditions/", extraditions.listed, name="extraditions"),
    path("extraditions/new/", extradition_opening.new, name="extradition-new"),
    path(ONE, extradition_page.page, name="extradition"),
    path(ONE + "edit/", extradition_opening.edit, name="extradition-edit"),
    path(ONE + "moves/<str:move>/", extradition_page.move, name="extradition-move"),
    path(ONE + "contents/", extradition_parts.enclosure, name="extradition-contents"),
    path(ONE + "assurances/", extradition_parts.assurance, name="extradition-assurances"),
    path(ONE + "speciality/", extradition_parts.consent, name="extradition-speciality"),
    path(ONE + "charge/", extradition_parts.charge, name="extradition-charge"),
    path(ONE + "other-requests/", extradition_parts.other, name="extradition-other-requests"),
    path(ONE + "transit/", extradition_parts.transit, name="extradition-transit"),
    path(ONE + "people/", extradition_parts.name_person, name="extradition-people"),
    path(ONE + "seal/", extradition_parts.seal, name="extradition-seal"),
]
