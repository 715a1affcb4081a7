from django.apps import AppConfig


class TreatiesConfig(AppConfig):
    name = "treaties"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from registry.recomputation import declare_rules
        from treaties import clocks, on_the_desk
        from treaties.register_freshness import watch_the_register
        from treaties.web import exported_lists

        watch_the_register()
        declare_rules(clocks.laws)
        on_the_desk.declare()
        exported_lists.declare_all()
