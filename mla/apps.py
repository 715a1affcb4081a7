from django.apps import AppConfig


class MlaConfig(AppConfig):
    name = "mla"
    default_auto_field = "django.db.models.BigAutoField"
