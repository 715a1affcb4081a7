"""The addresses of the product: pages and API of every room, composed."""

from django.urls import include, path

from config.health import health

urlpatterns = [
    path("health/", health, name="health"),
    path("accounts/", include("allauth.account.urls")),
    path("", include("registry.web.urls")),
    path("", include("treaties.web.urls")),
    path("", include("cases.web.urls")),
    path("", include("cases.web.person_urls")),
    path("", include("mla.web.urls")),
    path("api/", include("config.api_urls")),
]
