from django.apps import AppConfig


class MlaConfig(AppConfig):
    name = "mla"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from mla import letters, on_the_desk, timeline_words

        letters.declare()
        on_the_desk.declare()
        timeline_words.declare()
