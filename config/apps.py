from django.apps import AppConfig


class ConfigConfig(AppConfig):
    name = "config"

    def ready(self) -> None:
        from config import checks, logs  # noqa: F401  (checks registers the start-up checks)

        logs.configure()
