"""Addresses of the offices' API, under ``/api/v1/``."""

from django.urls import path

from registry.api import views

urlpatterns = [
    path("me/", views.Me.as_view(), name="api-me"),
    path("tokens/", views.Tokens.as_view(), name="api-tokens"),
    path("tokens/<int:pk>/", views.Token.as_view(), name="api-token"),
    path("authorities/", views.Authorities.as_view(), name="api-authorities"),
    path("authorities/<int:pk>/", views.AuthorityDetail.as_view(), name="api-authority"),
    path("deadlines/", views.Deadlines.as_view(), name="api-deadlines"),
    path("verify/<str:code>/", views.Verification.as_view(), name="api-verify"),
]
