from django.apps import AppConfig


class TreatiesConfig(AppConfig):
    name = "treaties"
    default_auto_field = "django.db.models.BigAutoField"
