"""The API of every room under one version, with its description."""

from django.urls import include, path, re_path
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView

from registry.api.nowhere import NoSuchAddress

urlpatterns = [
    path("v1/", include("registry.api.urls")),
    path("v1/", include("treaties.api.urls")),
    path("v1/", include("cases.api.urls")),
    path("v1/", include("cases.api.person_urls")),
    path("v1/", include("mla.api.urls")),
    path(
        "schema",
        SpectacularAPIView.as_view(
            authentication_classes=[], permission_classes=[], throttle_classes=[]
        ),
        name="api-schema",
    ),
    path(
        "docs/",
        SpectacularSwaggerSplitView.as_view(
            url_name="api-schema",
            authentication_classes=[],
            permission_classes=[],
            throttle_classes=[],
        ),
        name="api-docs",
    ),
    re_path(r"^.*$", NoSuchAddress.as_view(), name="api-nowhere"),
]
