from django.apps import AppConfig
from django.db.models.signals import post_migrate


class RegistryConfig(AppConfig):
    name = "registry"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from registry import letter_timeline_words
        from registry.reminder_schedule import load_steps_after_migrating
        from registry.web import exported_lists

        letter_timeline_words.declare()
        exported_lists.declare_all()
        post_migrate.connect(load_steps_after_migrating, sender=self)
