from django.apps import AppConfig


class CasesConfig(AppConfig):
    name = "cases"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from cases import (
            case_file_words,
            extradition_letters,
            extradition_words,
            on_the_desk,
            timeline_words,
        )
        from cases.web import exported_lists

        on_the_desk.declare()
        on_the_desk.declare_case_files()
        timeline_words.declare()
        case_file_words.declare()
        extradition_words.declare()
        extradition_letters.declare_kinds()
        exported_lists.declare_all()
