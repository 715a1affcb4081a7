from django.apps import AppConfig


class MlaConfig(AppConfig):
    name = "mla"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from mla import (
            letters,
            on_the_desk,
            reminder_letter,
            request_letters,
            statistics_for_reports,
            timeline_words,
            timeline_words_of_costs,
            timeline_words_of_draft_sharing,
            timeline_words_of_feedback,
            timeline_words_of_translations,
        )
        from mla.packages import messages
        from mla.web import exported_lists
        from treaties import figures

        figures.declare(statistics_for_reports.count)
        figures.declare(statistics_for_reports.count_received)
        letters.declare()
        reminder_letter.declare_kind()
        request_letters.declare_kinds()
        messages.declare()
        exported_lists.declare_all()
        on_the_desk.declare()
        timeline_words.declare()
        timeline_words_of_costs.declare()
        timeline_words_of_draft_sharing.declare()
        timeline_words_of_feedback.declare()
        timeline_words_of_translations.declare()
