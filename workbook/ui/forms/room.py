"""The room: a checklist that both people use."""

from __future__ import annotations

from workbook.domain.evening import RoomCard
from workbook.ui.form import FieldAnswers, FormContext, QuestionForm, make_text_field
from workbook.ui.questions import many, one, option, options, shown_if
from workbook.ui.widgets.questions import Question


class RoomForm(QuestionForm[RoomCard]):
    """Asks about the room, on a shared card; a real flame needs every candle line ticked."""

    SHOWS = ("room",)

    TEXTS = (("music", "music"), ("light", "light"))

    def __init__(self, context: FormContext, value: RoomCard) -> None:
        self._music = make_text_field(context.words, "music", value.music)
        self._light = make_text_field(context.words, "light", value.light)
        super().__init__(context, value, self._music, self._light)
        for field in (self._music, self._light):
            self._observe_field(field)

    def questions(self, value: RoomCard) -> list[Question]:
        """Return the checklist, and one question about flames."""
        say, tables = self._context.words, self._context.tables
        lines = say.table("choices.room")
        flame = [option(key, say(f"forms.flame_{key}")) for key in ("no", "yes")]
        return [
            many(
                "done",
                say("forms.room_question"),
                options(lines, tables.room),
                help=say("forms.room_help"),
            ),
            one("flame", say("forms.flame_question"), flame),
            many(
                "candle",
                say("forms.candle_question"),
                options(lines, tables.candle),
                shown_if=shown_if("flame", "yes"),
            ),
        ]

    def answers(self, value: RoomCard) -> FieldAnswers:
        """Return a value as the browser's answers."""
        tables = self._context.tables
        candle = tables.candle
        return {
            "done": sorted(value.done & set(tables.room)),
            "flame": None if value.flame is None else ("yes" if value.flame else "no"),
            "candle": sorted(value.done & set(candle)),
        }

    def read(self, answers: FieldAnswers) -> RoomCard:
        """Return the browser's answers as a value."""
        said, flame = answers.get, answers.get("flame")
        # What was ticked where both make ready is on the same card, and stays.
        ready = self.value.done & set(self._context.tables.make_ready)
        return RoomCard(
            done=ready | frozenset(said("done") or ()) | frozenset(said("candle") or ()),
            flame=None if flame is None else flame == "yes",
            music=self._music.value,
            light=self._light.value,
        )

    def _fill_fields(self, value: RoomCard) -> None:
        super()._fill_fields(value)
        self._music.value, self._light.value = value.music, value.light
