"""The room, prepared together."""

from __future__ import annotations

from typing import Any

from workbook.domain.evening import RoomCard
from workbook.ui.form import Answers, FormContext, QuestionForm, make_text_field, options
from workbook.ui.guard import show_errors


class RoomForm(QuestionForm):
    """A shared card; a real flame asks for every candle line."""

    SHOWS = ("room",)

    TEXTS = (("music", "music"), ("light", "light"))

    def __init__(self, context: FormContext, value: RoomCard) -> None:
        self._music = make_text_field(context.words, "music", value.music)
        self._light = make_text_field(context.words, "light", value.light)
        super().__init__(context, value, self._music, self._light)
        for field in (self._music, self._light):
            field.observe(show_errors(self._answers_changed, context.show), "value")

    def questions(self, value: RoomCard) -> list[dict[str, Any]]:
        """A list to tick, and one question about flames."""
        say, tables = self._context.words, self._context.tables
        lines = say.table("choices.room")
        return [
            {
                "key": "done",
                "kind": "many",
                "label": say("forms.room_question"),
                "help": say("forms.room_help"),
                "options": options(lines, tables.room),
            },
            {
                "key": "flame",
                "kind": "one",
                "label": say("forms.flame_question"),
                "options": [
                    {"key": "no", "label": say("forms.flame_no")},
                    {"key": "yes", "label": say("forms.flame_yes")},
                ],
            },
            {
                "key": "candle",
                "kind": "many",
                "label": say("forms.candle_question"),
                "options": options(lines, tables.candle),
                "shown_if": {"question": "flame", "option": "yes"},
            },
        ]

    def answers(self, value: RoomCard) -> Answers:
        """The value as the browser's answers."""
        candle = self._context.tables.candle
        return {
            "done": sorted(value.done - set(candle)),
            "flame": None if value.flame is None else ("yes" if value.flame else "no"),
            "candle": sorted(value.done & set(candle)),
        }

    def read(self, answers: Answers) -> RoomCard:
        """The browser's answers as a value."""
        said, flame = answers.get, answers.get("flame")
        return RoomCard(
            done=frozenset(said("done") or ()) | frozenset(said("candle") or ()),
            flame=None if flame is None else flame == "yes",
            music=self._music.value,
            light=self._light.value,
        )

    def _fill_fields(self, value: RoomCard) -> None:
        super()._fill_fields(value)
        self._music.value, self._light.value = value.music, value.light
