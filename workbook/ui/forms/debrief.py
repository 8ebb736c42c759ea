"""Afterwards, alone: a thank-you, more of, a bit less, comfort."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from workbook.domain.learning import Debrief
from workbook.domain.limits import Level
from workbook.ui.form import Answers, Asked, Desk, area
from workbook.ui.guard import guarded


class DebriefForm(Asked):
    """Private first; only the thanks and "more of" are shown, and only when both have written.

    "A bit less" never reaches the partner as words: it becomes a setting.
    """

    TEXTS = (("thanks", "thanks"), ("note", "note"))

    def __init__(self, desk: Desk, value: Debrief, felt: Mapping[str, Level]) -> None:
        self._felt = felt
        self._thanks = area(desk.words, "thanks", value.thanks)
        self._note = area(desk.words, "note", value.note)
        super().__init__(desk, value)
        self.children = [self._thanks, self._asked, self._note]
        for field in (self._thanks, self._note):
            field.observe(guarded(self._answered, desk.show), "value")

    def questions(self, value: Debrief) -> list[dict[str, Any]]:
        """Only the receiver is asked about areas: those the evening had."""
        say = self._desk.words
        areas = [{"key": a, "label": say(f"areas.names.{a}")} for a in self._felt]
        asked: list[dict[str, Any]] = []
        if areas:
            asked += [
                {"key": key, "kind": "many", "label": say(f"forms.debrief_{key}"), "options": areas}
                for key in ("more", "less")
            ]
            asked[-1]["help"] = say("forms.debrief_less_help")
        for key in ("body", "free"):
            asked.append(
                {
                    "key": key,
                    "kind": "scale",
                    "label": say(f"forms.debrief_{key}"),
                    "help": say(f"forms.debrief_{key}_help"),
                    "min": 0,
                    "max": 10,
                }
            )
        return asked

    def answers(self, value: Debrief) -> Answers:
        """The value as the browser's answers."""
        return {
            "more": sorted(value.more),
            "less": sorted(value.less),
            "body": value.body,
            "free": value.free,
        }

    def read(self, answers: Answers) -> Debrief:
        """The browser's answers as a value; "less" keeps the level it was felt at."""
        said = answers.get
        body, free = said("body"), said("free")
        return Debrief(
            on=self.value.on,
            thanks=self._thanks.value,
            more=frozenset(said("more") or ()),
            less={a: self._felt[a] for a in said("less") or () if a in self._felt},
            body=None if body is None else int(body),
            free=None if free is None else int(free),
            note=self._note.value,
        )

    def _put(self, value: Debrief) -> None:
        super()._put(value)
        self._thanks.value, self._note.value = value.thanks, value.note
