"""The pages of the register: States, instruments, and the question of the legal basis."""

from django.urls import path

from treaties.web import ask, compliance, instruments, obligation, states

urlpatterns = [
    path("states/", states.states, name="states"),
    path("states/<str:code>/", states.state, name="state"),
    path("instruments/", instruments.instruments, name="instruments"),
    path("instruments/<str:code>/", instruments.instrument, name="instrument"),
    path("legal-basis/", ask.legal_basis, name="legal_basis"),
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
]
