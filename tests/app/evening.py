"""Driving a book without a browser: setting widgets as the page would, and seeing all they hold."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from ipywidgets import Button, Text, Textarea, Widget
from ipywidgets.widgets.widget import _instances

from workbook.app import Workbook
from workbook.app.workbook import COVER
from workbook.content.tables import load_tables
from workbook.content.words import load_words
from workbook.domain.plan import Plan
from workbook.domain.proposal import Proposal
from workbook.domain.seats import Colour, People, Person, Seat, Shape
from workbook.domain.session import Event
from workbook.domain.topics import topic_for
from workbook.rules import wishes as rounds
from workbook.rules.plan import plan_hash  # noqa: F401 - for the tests
from workbook.store.keyring import Cost
from workbook.store.plans import read_plan
from workbook.store.sessions import latest_session
from workbook.ui.forms.agreement import AgreementForm
from workbook.ui.widgets.body_map import BodyMap
from workbook.ui.widgets.questions import Questions
from workbook.ui.widgets.secret import Secret

SAY, TABLES = load_words(), load_tables()
LOW = Cost(ops=1, mem=8192)
PEOPLE = People(
    Person(Seat.A, "Kim", Colour.CLAY, Shape.CIRCLE),
    Person(Seat.B, "Robin", Colour.SAGE, Shape.SQUARE),
)
SECRETS = {Seat.A: "hazel lantern mitten", Seat.B: "river pepper window"}
NIGHT = datetime(2026, 11, 23, 20, 0)
WISHED = frozenset({"soft_music", "silence", "warm_towel"})
SEED = next(
    seed
    for seed in (bytes([number]) * 16 for number in range(256))
    if set(rounds.draw_wishes(TABLES.wishes, seed)) >= WISHED
)
CHAPTERS = (
    *("people", "consent", "role", "intentions", "wishes", "limits", "signals", "body", "hands"),
    *(
        "health",
        "pressure",
        "time",
        "positions",
        "coverage",
        "techniques",
        "oils",
        "room",
        "aftercare",
        "again",
        "ready",
    ),
    *("sit", "reveal", "prepare", "aloud", "agreement", "player"),
    *("soft_landing", "debrief", "thanks", "next_day", "journal"),
)
"""All forms in the order of the composed notebook."""
STROKES = ["HOLD", "EFF", "PET"]
BACK = ("nape", "shoulder_tops", "shoulder_blades", "mid_back", "low_back", "sacrum")


class Clock:
    """A clock that stands where it is put."""

    def __init__(self, now: datetime = NIGHT) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def on(self, days: float = 0, **more: float) -> None:
        self.now += timedelta(days=days, **more)


class Couple:
    """A vault, its clock, and books opened on it."""

    def __init__(self, folder: Path, secrets: dict[Seat, str], clock: Clock) -> None:
        self.folder, self.secrets, self.clock = folder, secrets, clock

    def locked(self, forms: Iterable[str] = (), **more: Any) -> Workbook:
        """These forms on one page, and nobody at the screen; any other comes when asked for."""
        book = Workbook(self.folder, cost=LOW, clock=self.clock, **more)
        book._run_in_background = lambda _work: None  # no backup in the way of what a test copies
        for name in (COVER, *forms):
            book.form(name)
        return book

    def open(self, seat: Seat, forms: Iterable[str] = (), **more: Any) -> Workbook:
        """The page with one person at the screen."""
        book = self.locked(forms, **more)
        book.unlock(self.secrets[seat])
        return book

    def leave(self, book: Workbook) -> None:
        """Close the page, and all it knew."""
        book.pass_screen()
        clear()


# What the page holds ------------------------------------------------------------------------


def clear() -> None:
    """End every widget there is."""
    for widget in list(_instances.values()):
        widget.close()


def states(*pages: Workbook) -> str:
    """The state of every living widget, as a page that connects would be sent it.

    Whatever ``pages`` have not built yet, they build first.
    """
    for book in pages:
        for name in CHAPTERS:
            book.form(name)
    kept = []
    for widget in list(_instances.values()):
        state = {k: v for k, v in widget.get_state().items() if k not in {"_esm", "_css"}}
        kept.append(json.dumps(state, default=str, ensure_ascii=False, sort_keys=True))
    random = r"IPY_MODEL_\w+|anywidget-\w+|[0-9a-f]{32}|\([0-9a-f]{4} [0-9a-f]{4}\)"
    return re.sub(random, "", "\n".join(kept))


def inside(widget: Widget) -> list[Widget]:
    """A widget and all that it shows; what is hidden is left out."""
    layout = getattr(widget, "layout", None)
    if layout is not None and layout.display == "none":
        return []
    found = [widget]
    for child in getattr(widget, "children", ()):
        found += inside(child)
    return found


def shown(book: Workbook, name: str) -> str:
    """What one form shows now."""
    states = [
        {k: v for k, v in each.get_state().items() if k not in {"_esm", "_css"}}
        for each in inside(book.form(name))
    ]
    return json.dumps(states, default=str, ensure_ascii=False)


def options(book: Workbook, name: str, key: str) -> list[str]:
    """The choices of one question."""
    asked = [q for each in _questions(book, name) for q in each.questions if q["key"] == key]
    return [option["key"] for q in asked for option in q["options"]]


def buttons(book: Workbook, name: str) -> dict[str, Button]:
    """The buttons of a form that can be seen, by what they say."""
    found = (each for each in inside(book.form(name)) if isinstance(each, Button))
    return {each.description: each for each in found if each.layout.display != "none"}


def _questions(book: Workbook, name: str) -> list[Questions]:
    return [each for each in inside(book.form(name)) if isinstance(each, Questions)]


# What the page does -------------------------------------------------------------------------


def tell(book: Workbook, name: str, **answers: Any) -> int:
    """Answer questions of one form; return how many taps that took."""
    left = dict(answers)
    for each in inside(book.form(name)):
        if isinstance(each, BodyMap) and each.has_list:
            each.listed = True
            for key in [layer["key"] for layer in each.layers if layer["key"] in left]:
                each.layer = key
                _answer_shown(book, name, {key: left.pop(key)})
    _answer_shown(book, name, left)
    return len(answers)


def _answer_shown(book: Workbook, name: str, answers: Mapping[str, Any]) -> None:
    for asked in _questions(book, name):
        keys = {question["key"] for question in asked.questions}
        mine = {k: v for k, v in answers.items() if k.split(".")[0] in keys}
        if mine:
            asked.answers = {**asked.answers, **mine}


def write(book: Workbook, name: str, *texts: str) -> None:
    """Type into the text fields of one form, in order."""
    fields = [each for each in inside(book.form(name)) if isinstance(each, (Text, Textarea))]
    for field, text in zip(fields, texts, strict=True):
        field.value = text


def press(book: Workbook, name: str, key: str, /, **values: object) -> int:
    """Press one button of a form, by the key of its words."""
    found = buttons(book, name)[SAY(f"forms.{key}", **values)]
    assert not found.disabled
    found.click()
    return 1


def type_secret(book: Workbook, secret: str) -> Secret:
    """Type a passphrase on the cover; return its field."""
    field = next(each for each in inside(book.form(COVER)) if isinstance(each, Secret))
    field._on_message(field, {"kind": "secret", "value": secret}, [])
    return field


def well(book: Workbook) -> None:
    """Nothing of the health questions is true, or nothing else than was ticked."""
    none = (SAY("forms.none_in_group"), SAY("forms.none_of_the_rest"))
    for each in (*inside(book.form("body")), *inside(book.form("health"))):
        if isinstance(each, Button) and each.description in none:
            each.click()


def answer(book: Workbook, *, gives: bool, areas: tuple[str, ...] = BACK) -> None:
    """Everything a first evening asks of one person, nothing in the way."""
    tell(book, "consent", adult="adult", free="yes", easy="yes")
    tell(book, "role", role="give" if gives else "receive")
    tell(book, "intentions", chosen=["unwind"])
    tell(book, "wishes", wished=["soft_music", "silence" if gives else "warm_towel"])
    side = "giving" if gives else "receiving"
    tell(book, "limits", **{side: dict.fromkeys(areas, "open")})
    tell(book, "coverage", coverage="partly")
    well(book)
    if gives:
        tell(book, "techniques", giving=STROKES)
        tell(book, "hands", giver=["none"])
        tell(book, "time", minutes="20")
        tell(book, "pressure", giving="MEDIUM")
    else:
        tell(book, "techniques", techniques=STROKES)
        tell(book, "time", minutes="20")
        tell(book, "positions", position="prone")
        tell(book, "pressure", overall="MEDIUM")
    tell(book, "techniques", pace="slow")
    tell(book, "oils", allergies=["none"])
    tell(book, "aftercare", aftercare=["AC-01"])


def ready(book: Workbook) -> int:
    """Hand in; what was tightened since is handed in already."""
    return press(book, "ready", "ready") if SAY("forms.ready") in buttons(book, "ready") else 0


def signals(book: Workbook, word: str = "lantern", silent: str = "dropped_cloth") -> None:
    """Choose both signals, or agree with the partner's choice if it is these."""
    ask_signals(book)
    tell(book, "signals", silent=silent)
    write(book, "signals", word)


def ask_signals(book: Workbook) -> None:
    """Have the questions about signals shown, where the answers stand in their place."""
    if SAY("forms.signal_another") in buttons(book, "signals"):
        press(book, "signals", "signal_another")


def agree(book: Workbook) -> None:
    """Both people beside one screen say yes."""
    try_signals(book)
    for seat in Seat:
        press(book, "agreement", "affirm", name=PEOPLE.at(seat).name)


def try_signals(book: Workbook) -> None:
    """Tick both signals as tried, unless they were tonight."""
    if not proposal(book).tried:
        tell(book, "aloud", tried=["word", "signal"])


def change(book: Workbook, **answers: Any) -> None:
    """Answer questions about the turn, behind *Change* once there is a plan."""
    if SAY("forms.change") in buttons(book, "reveal"):
        press(book, "reveal", "change")
    tell(book, "reveal", **answers)


def proposal(book: Workbook) -> Proposal:
    assert book.controller is not None
    return book.controller.view.proposal


def value_of(book: Workbook, topic: str) -> Any:
    """What is saved about one topic, as this page last read it; blank if nothing is."""
    assert book.controller is not None
    return book.controller.snapshot.own.value(topic_for(topic))


def keep(book: Workbook, topic: str, value: Any, **more: Any) -> None:
    """Save one topic as a form would."""
    assert book.controller is not None
    book.controller.save_topic(topic, value, value_of(book, topic), **more)


def planned(book: Workbook) -> Plan:
    found = proposal(book).plan
    assert found is not None
    return found


def happen(book: Workbook, *events: Event) -> None:
    """What the player tells Python, in order; the end of a step as the time that has passed."""
    for event in events:
        if event is Event.NEXT:
            play_on(book)
        else:
            assert book.controller is not None
            book.controller.apply_event(event, None)


def play_on(book: Workbook, *, steps: int = 1) -> None:
    """The player plays to the end of its present step, or of several."""
    page = book.controller
    assert page is not None
    evening = page.snapshot.evening
    stored = evening and latest_session(page.vault, evening.id)
    if stored is None or stored.has_ended:
        return
    record = stored.saved.value
    plan = read_plan(page.vault, evening.id, record.plan)
    end = sum(step.seconds for step in plan.steps[: record.session.step + steps])
    is_over = end == plan.seconds
    page.save_position(
        {
            "phase": "finished" if is_over else "running",
            "step": record.session.step,
            "cap": int(record.session.cap),
            "elapsed": float(end),
            "plan": record.plan,
        }
    )


def finish(book: Workbook) -> None:
    """Play to the end; the receiver says yes whenever they are asked about a firmer level."""
    steps = len(planned(book).steps)
    happen(book, Event.START, *[Event.YES, Event.NEXT] * steps)


def levels(plan: Plan, area: str) -> set[int]:
    return {
        int(step.level)
        for step in plan.steps
        if any(part.split(".")[0] == area for part in step.parts)
    }


def agreement(book: Workbook) -> AgreementForm:
    form = book.form("agreement").children[0]
    assert isinstance(form, AgreementForm)
    return form
