"""The API of every room under one version, with its description."""

from django.urls import include, path

urlpatterns = [
    path("v1/", include("registry.api.urls")),
    path("v1/", include("treaties.api.urls")),
    path("v1/", include("mla.api.urls")),
]
