"""The pages of the register: States, instruments, and the question of the legal basis."""

from django.urls import path

from treaties.web import ask, instruments, states

urlpatterns = [
    path("states/", states.states, name="states"),
    path("states/<str:code>/", states.state, name="state"),
    path("instruments/", instruments.instruments, name="instruments"),
    path("instruments/<str:code>/", instruments.instrument, name="instrument"),
    path("legal-basis/", ask.legal_basis, name="legal_basis"),
]
