"""Ready: sums up what was said, and hands in this person's share, all that the partner gets."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from workbook.content.words import name_level
from workbook.domain.areas import AreaMark
from workbook.domain.consent import FreeYes
from workbook.domain.evening import Answers, Willing
from workbook.domain.health import Action, Screening
from workbook.domain.levels import Level
from workbook.domain.shares import OWN_LINES
from workbook.rules.areas import area_of
from workbook.ui.form import Form, FormContext, make_button, set_visible
from workbook.ui.forms.health import explain_screening
from workbook.ui.forms.limits import SUGGESTED
from workbook.ui.guard import observe_change
from workbook.ui.questions import many, option
from workbook.ui.widgets.prose import Block, Prose, fold, h, item, link_pair, notice, p
from workbook.ui.widgets.questions import Questions

NAMED_AREAS = 3
"""How many open areas the summary names."""


@dataclass(frozen=True, slots=True)
class Said:
    """What one person has said, as *Ready* sums it up."""

    answers: Answers
    """As they count tonight."""
    meaning: Screening | None
    """What health answers mean tonight; None: too few answers yet."""
    missing: tuple[str, ...]
    """Topics that are open."""
    telling: tuple[str, ...]
    """Adaptations from which the partner may guess a reason."""
    has_lost_position: bool
    """Whether health takes out a position that this person left open."""
    is_tonight: bool
    """Whether handing in now would be anything but *not tonight*."""
    ways: Mapping[str, str]
    """Where the answers to a topic are given: a link by the topic's name."""


class ReadyForm(Form):
    """Shows what will be handed in, hands it in, and takes it back."""

    def __init__(
        self,
        context: FormContext,
        hand_in: Callable[[], None],
        take_back: Callable[[], None],
        pass_screen: Callable[[], None],
        say_lines: Callable[[frozenset[str]], None],
    ) -> None:
        self._context, self._say_lines = context, say_lines
        say, show = context.words, context.show
        name = context.partner.name
        self._text, self._seen, self._guess = Prose(), Prose(), Prose()
        self._own_lines = Questions([], {}, dict(context.words.table("questions")))
        self._ready = make_button(say("forms.ready"), hand_in, show, main=True)
        self._back = make_button(say("forms.ready_back"), take_back, show)
        self._over = make_button(say("forms.hand_over", name=name), pass_screen, show, main=True)
        told = [self._text, self._guess, self._own_lines]
        super().__init__([*told, self._ready, self._over, self._back, self._seen])
        self.add_class("at-ready")
        observe_change(self._own_lines, "answers", self._lines_chosen, show)

    def render_day_over(self) -> None:
        """Show that the day this page asked about is over."""
        self._text.set_blocks(notice(self._context.words("forms.ready_past")))
        self._seen.set_blocks()
        self._render_telling(())
        self._show_buttons(ready=False, over=False, back=False)

    def render_open(self, said: Said) -> None:
        """Show what was said, what is open, and what would be handed in."""
        say, name = self._context.words, self._context.partner.name
        blocks = list_summary(self._context, said)
        if blocks:
            blocks.insert(0, p(say("forms.ready_lines")))
        if said.missing:
            blocks.append(h(say("forms.ready_missing")))
            blocks += [item(say(f"forms.missing_{n}"), said.ways[n]) for n in said.missing]
        blocks += self._explain(said.meaning)
        if not said.is_tonight:
            blocks.append(notice(say("forms.ready_not_tonight", name=name)))
        self._text.set_blocks(*blocks)
        self._seen.set_blocks(p(say("forms.ready_seen", name=name)))
        if said.is_tonight:
            self._render_telling(said.telling, said.answers.time.says, lying=said.has_lost_position)
        else:
            self._render_telling(())
        self._show_buttons(ready=True, over=False, back=False)

    def render_ready(self, said: Said, *, theirs: bool) -> None:
        """Show that this person is ready, and whether the partner is, too."""
        say, name = self._context.words, self._context.partner.name
        line = "forms.ready_both" if theirs else "forms.ready_mine"
        self._text.set_blocks(
            self._context.make_badge(self._context.seat),
            p(say(line, name=name)),
            *self._explain(said.meaning),
        )
        self._seen.set_blocks()
        self._render_telling(())
        self._show_buttons(ready=False, over=not theirs, back=True)

    def _render_telling(
        self, telling: tuple[str, ...], says: frozenset[str] = frozenset(), *, lying: bool = False
    ) -> None:
        """Show the lines that leave the page and could tell a reason, each as it is.

        What the partner acts on stands; of the rest each line is kept, or said. ``lying``: the
        plan has fewer positions than this person left open.

        Source: design ("No reason leaks")
        """
        say, name = self._context.words, self._context.partner.name
        lines = say.table("choices.adaptations")
        stand = [item(lines[key]) for key in telling if key not in OWN_LINES]
        own = [option(key, lines[key]) for key in OWN_LINES if key in telling]
        if lying:
            stand.append(item(say("forms.guess_lying")))
        told = telling or lying
        self._guess.set_blocks(*((h(say("forms.guess", name=name)), *stand) if told else ()))
        label, below = say("forms.guess_question"), say("forms.guess_help")
        with self.silenced():
            self._own_lines.questions = [many("says", label, own, help=below)] if own else []
            self._own_lines.answers = {"says": sorted(says)} if own else {}

    def _lines_chosen(
        self, _old: Mapping[str, Sequence[str]], new: Mapping[str, Sequence[str]]
    ) -> None:
        if not self.is_silenced:
            self._say_lines(frozenset(new.get("says") or ()))

    def _explain(self, meaning: Screening | None) -> Sequence[Block]:
        """Return what health answers mean; unfolded where something has to be done about it."""
        if meaning is None:
            return ()
        blocks = explain_screening(self._context, meaning)
        if min(meaning.receiving.action, meaning.giving.action) <= Action.ASK_FIRST:
            return blocks
        return (fold(self._context.words("forms.ready_meaning"), blocks),)

    def _show_buttons(self, *, ready: bool, over: bool, back: bool) -> None:
        set_visible(self._ready, ready)
        set_visible(self._over, over)
        set_visible(self._back, back)


def list_summary(context: FormContext, said: Said) -> list[Block]:
    """Return what was said in at most five lines, each with a link to where it was said."""
    say, answers = context.words, said.answers
    gives = Willing.GIVE in answers.time.willing
    receives = Willing.RECEIVE in answers.time.willing
    lines = {"consent": _sum_up_role(context, answers)}
    if said.meaning is not None:
        rows = {*said.meaning.receiving.rows, *said.meaning.giving.rows}
        lines["health"] = say("forms.sum_health" if rows else "forms.sum_health_none")
    if areas := _list_open_areas(context, answers, receives=receives or not gives):
        lines["limits"] = areas
    level = answers.pressure.overall if receives or not gives else answers.pressure.giving
    if level is not None:
        lines["pressure"] = _sum_up_pressure(context, answers, level)
    if receives and answers.techniques.position is not None:
        lines["coverage"] = _sum_up_lying(context, answers)
    return [
        link_pair(say(f"forms.sum_{name}_label"), text, said.ways[name])
        for name, text in lines.items()
        if text and name not in said.missing
    ]


def _sum_up_role(context: FormContext, answers: Answers) -> str:
    say, free = context.words, answers.consent.free
    if free is None:
        return ""
    if free is not FreeYes.YES:
        return say("forms.sum_not_tonight")
    wanted = "_".join(each.value for each in Willing if each in answers.time.willing)
    return say(f"forms.sum_{wanted}") if wanted else say("forms.sum_yes")


def _list_open_areas(context: FormContext, answers: Answers, *, receives: bool) -> str:
    marks = answers.limits.receiving if receives else answers.limits.giving
    open_parts = {part for part, mark in marks.items() if mark is AreaMark.OPEN}
    keys = {area_of(part) for part in open_parts}
    suggested = {part for key in SUGGESTED for part in context.tables.areas[key].parts}
    if open_parts == suggested:
        return context.words("forms.limits_suggested")
    names = [context.words(f"areas.names.{key}") for key in context.tables.areas if key in keys]
    if not names:
        return context.words("forms.sum_nowhere") if marks else ""
    listed = context.words.language.join_names(names[:NAMED_AREAS])
    left = len(names[NAMED_AREAS:])
    return context.words("forms.sum_areas_more", areas=listed, n=left) if left else listed


def _sum_up_pressure(context: FormContext, answers: Answers, level: Level) -> str:
    name = name_level(context.words, level)
    minutes = [m for m in (answers.time.minutes_receiving, answers.time.minutes_giving) if m]
    if not minutes:
        return context.words("forms.sum_level", level=name)
    return context.words("forms.sum_level_minutes", level=name, minutes=max(minutes))


def _sum_up_lying(context: FormContext, answers: Answers) -> str:
    position = context.words(f"forms.position_{answers.techniques.position}")
    cover = context.words(f"coverage.{answers.coverage}")
    return f"{position}; {context.words.language.lower_name(cover)}"
