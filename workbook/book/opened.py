"""One unlocked person's book: their answers, the forms that show them, and tonight."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Any, ClassVar

from ipywidgets import Widget

from workbook.book import together
from workbook.book.afterwards import Afterwards
from workbook.book.tonight import Tonight
from workbook.content.words import Words
from workbook.domain.consent import ConsentAnswers
from workbook.domain.errors import ChangedElsewhere
from workbook.domain.evening import (
    Answers,
    StillTrue,
)
from workbook.domain.health import HealthAnswers, Screening
from workbook.domain.learning import Debrief, NextDay
from workbook.domain.products import OilAnswers, Suitability
from workbook.domain.tables import Tables
from workbook.domain.techniques import Coverage
from workbook.domain.topics import TOPICS, list_answered, list_standing, topic_for
from workbook.rules import learning, limits, products, screening
from workbook.rules.three_way import merge_values
from workbook.store import answers, people
from workbook.store.changes import CommitWatcher
from workbook.store.records import Saved
from workbook.store.unlocked import UnlockedVault
from workbook.ui.form import Desk, Form
from workbook.ui.forms import form_class
from workbook.ui.forms.again import AgainForm
from workbook.ui.forms.again import Tonight as Again
from workbook.ui.forms.health import HealthForm
from workbook.ui.forms.oils import OilsForm
from workbook.ui.forms.people import PeopleForm
from workbook.ui.forms.wishes import WishesForm
from workbook.ui.guard import Show, guarded
from workbook.ui.widgets.page import Page
from workbook.ui.widgets.prose import Prose, p

WAITS = 1.0
"""Seconds for which news may wait while hands are on somebody; a whole look takes a tenth."""

SELDOM = 5.0
"""The same where the session's own words, heard at once, are all the news there seems to be."""


class Opened:
    """What one person sees while the book is open; nothing of the partner's private lane.

    Args:
        lane: this person's way into the vault.
        change: sets a new passphrase for this person.
        new_code: makes a new recovery code for this person.
        pin: sets a short code for this page.
        erase: erases what they answered in private, and locks.
        gone: locks, because another page of theirs erased it.
        erase_shared: erases what both people share, and locks.

    """

    FORMS: ClassVar = frozenset(
        {
            *(topic.name for topic in TOPICS if topic.has_form),
            *("people", "again", *Tonight.FORMS, *Afterwards.FORMS),
        }
    )
    """Names of all forms, as the chapters use them."""

    def __init__(
        self,
        lane: UnlockedVault,
        tables: Tables,
        words: Words,
        *,
        page: Page,
        hand_over: Callable[[], None],
        show: Show,
        change: Callable[[str, str], None],
        new_code: Callable[[str], str] | None = None,
        pin: Callable[[str], None] | None = None,
        erase: Callable[[], None] = lambda: None,
        erase_shared: Callable[[], None] = lambda: None,
        gone: Callable[[], None] = lambda: None,
    ) -> None:
        self.lane, self.page, self.change, self.hand_over = lane, page, change, hand_over
        self._new_code, self._pin = new_code, pin
        self._erase, self._erase_shared, self._gone = erase, erase_shared, gone
        self._bell = CommitWatcher(
            lane
        )  # before anything is read, so that nothing falls in between
        self.desk = Desk(
            tables,
            words,
            show,
            people.read_people(lane),
            lane.seat,
            lane.now().date(),
            editing=lambda: page.editing,
        )
        self.tonight = Tonight(self)
        self.afterwards = Afterwards(self)
        self._forms: dict[str, list[Form]] = {}
        self._saved: dict[str, Saved[Any] | None] = {t.name: self._read(t.name) for t in TOPICS}
        self._shown: object = None
        """What was shown when this page last heard of another."""
        self._past = False
        """Whether it was said that midnight has passed."""
        self._caught_up = float("-inf")
        self._due: float | None = None
        """When to look at what was saved since then; None: nothing was."""
        said = [
            each.value.adult for each in answers.read_all_answers(lane, ConsentAnswers).values()
        ]
        self._of_age: bool | None = said[-1] if said else None

    # What is answered -----------------------------------------------------------------

    @property
    def now(self) -> datetime:
        """Local time."""
        return self.lane.now()

    def value(self, topic: str) -> Any:
        """The latest answer to a topic; blank if there is none."""
        saved = self._saved[topic]
        return self._blank(topic) if saved is None else saved.value

    def _blank(self, topic: str) -> Any:
        """What stands for no answer yet."""
        if topic == "consent":
            return ConsentAnswers(adult=self._of_age)
        kind = topic_for(topic).answers
        return None if kind is Coverage else kind()

    def _read(self, topic: str) -> Saved[Any] | None:
        """What the vault has, from whichever page."""
        kind = topic_for(topic).answers
        if topic_for(topic).is_standing:
            return answers.read_answer(self.lane, kind, None)
        evening = self.tonight.evening
        return answers.read_answer(self.lane, kind, evening) if evening else None

    @property
    def returning(self) -> bool:
        """Whether there are standing answers from an earlier evening."""
        return self.tonight.earlier and any(self._saved[topic.name] for topic in list_standing())

    def answers(self) -> Answers:
        """Everything that counts tonight: standing answers only once given or confirmed."""
        still: StillTrue = self.value("still")
        blank = Answers()
        given = {
            topic.name: getattr(blank, topic.name)
            if topic.is_standing and topic.name not in still.topics
            else self.value(topic.name)
            for topic in list_answered()
        }
        given["oils"] = self._with_use(given["oils"])
        return Answers(**given, learned=self.learned())

    def _with_use(self, said: OilAnswers) -> OilAnswers:
        """Tests with what the evenings know: a product is new until it was used once."""
        tests = {
            product: replace(test, used=test.used or self.tonight.used(product, test.started))
            for product, test in said.tests.items()
        }
        return replace(said, tests=tests)

    def learned(self) -> Any:
        """What past evenings changed, for this person only."""
        return learning.settings(
            [saved.value for saved in answers.read_all_answers(self.lane, Debrief).values()],
            [saved.value for saved in answers.read_all_answers(self.lane, NextDay).values()],
            self.desk.tables,
        )

    def screen(self, health: HealthAnswers, at: datetime | None = None) -> Screening:
        """What the health rules make of answers, tonight or at another local time."""
        return screening.screen(health, self.desk.tables, at or self.now)

    def share(self, at: datetime | None = None) -> Any:
        """What would leave this lane if this person pressed ready now, or at another time."""
        said = self.answers()
        health = screening.merge_other_topics(said)
        return limits.share(said, self.screen(health, at), self.desk.tables, at or self.now)

    def open_topics(self) -> list[str]:
        """Topics that matter for tonight's plan and are still blank."""
        said, still = self.answers(), self.value("still").topics
        complete, today = self.screen(said.health).complete, self.desk.today
        unconfirmed = any(self._saved[t.name] and t.name not in still for t in list_standing())
        found = [
            topic.name
            for topic in TOPICS
            if topic.is_required
            and not (complete if topic.name == "health" else topic.is_answered(said, today))
        ]
        return [*found, "still"] if unconfirmed and self.returning else found

    # Saving ---------------------------------------------------------------------------

    def keep(self, topic: str, value: Any, base: Any = ..., *, confirms: bool = True) -> None:
        """Save one topic; "Saved" is shown after COMMIT, and every form of it follows.

        Args:
            topic: its name.
            value: the answer.
            base: what the page showed when it was given; left out: what is saved.
            confirms: whether a standing topic is confirmed for tonight by it.

        """
        said, now = value, self.value(topic)
        if base is not ...:
            value = merge_values(base, value, now)
        if value is not None and value != now:
            evening = None if topic_for(topic).is_standing else self.tonight.begun()
            value = self._save(topic, value, evening)
        for form in self._forms.get(topic, ()):
            form.take(value)
        if value in (None, now):
            return
        if value != said:
            self.joined()
        if topic_for(topic).is_standing and confirms:
            still: StillTrue = self.value("still")
            if topic not in still.topics:
                self.keep("still", StillTrue(still.topics | {topic}))
        if topic != "still":
            self._follow()

    def _save(self, topic: str, value: Any, evening: str | None) -> Any:
        """Write one topic; return what is there now, joined with another page's answers."""
        kind, before = topic_for(topic).answers, self._saved[topic]
        try:
            saved = together.save(
                value,
                before,
                self._blank(topic),
                put=lambda new, expected_version: answers.write_answer(
                    self.lane, new, evening, expected_version=expected_version
                ),
                read=lambda: answers.read_answer(self.lane, kind, evening),
            )
        except ChangedElsewhere:
            if before is not None and answers.read_answer(self.lane, kind, evening) is None:
                self._gone()
            raise
        self._saved[topic] = saved
        self.said_saved(saved.at)
        return saved.value

    def joined(self) -> None:
        """Say that another page had saved something as well."""
        self.page.notice(self.desk.words("forms.joined"))

    # Other pages ----------------------------------------------------------------------

    @property
    def saves(self) -> int:
        """A number that is another one once any page has saved something."""
        return self._bell.data_version()

    def catch_up(self) -> bool:
        """Show what any page has saved since the last time; return whether there was anything.

        The bell rings for this page's own saves too; what they led to is shown already.

        Raises:
            VaultError: if the vault cannot be read any more.

        """
        if not self._bell.has_changed() and self._due is None:
            return False
        self._due, self._caught_up = None, time.monotonic()
        self.tonight.hear()  # what the bell has rung for just now may be a stop
        self.tonight.catch_up()
        news = False
        lively = self.tonight.under_way  # the next word may come at any moment
        for topic in (each.name for each in TOPICS):
            found, before = self._read(topic), self._saved[topic]
            if found is None and before is not None:
                self._gone()
                return True
            if found is not None and (before is None or found.version != before.version):
                self._saved[topic], news = found, True
                for form in self._forms.get(topic, ()):
                    form.news(found.value)
        self._meet()
        self.afterwards.settle()
        seen = self.desk.people, self.tonight.seen(), self.afterwards.seen()
        if not news and seen == self._shown:
            return lively
        self._shown = seen
        self.afterwards.follow()
        self._follow()
        return True

    def listen(self) -> bool:
        """Catch up; in a session its own words come at once, and all else a little later.

        Raises:
            VaultError: if the vault cannot be read any more.

        """
        if self.tonight.past and not self._past:
            self._past = True
            self._follow()
        if self._bell.has_changed():
            waits = SELDOM if self.tonight.hear() else WAITS
            due = self._caught_up + waits
            self._due = due if self._due is None else min(self._due, due)
        if self._due is None:
            return False
        if time.monotonic() < self._due and self.tonight.under_way:
            return True
        return self.catch_up()

    def _meet(self) -> None:
        """Show the names and marks that both have now."""
        both = people.read_people(self.lane)
        if both != self.desk.people:
            self.desk = replace(self.desk, people=both)
            me = self.desk.me
            self.page.seat = {"name": me.name, "colour": me.colour, "shape": me.shape}
            for form in self._forms.get("people", ()):
                form.news(both)

    def settle(self) -> None:
        """Nobody writes in a field any more: show there what is saved."""
        for topic in (each.name for each in TOPICS):
            if self._saved[topic] is not None:
                for form in self._forms.get(topic, ()):
                    form.news(self.value(topic))
        self.tonight.settle()
        self.afterwards.settle()

    def confirm(self) -> None:
        """Say of every standing answer that it is still true tonight."""
        health: HealthAnswers = self.value("health")
        if self._saved["health"] and health.on != self.desk.today:
            # Tonight's own questions are asked afresh; the standing ones were confirmed.
            stand = [q for q in self.desk.tables.questions if not q.tonight]
            lasting = {s.key for q in stand for s in q.statements}
            still = replace(
                health,
                on=self.desk.today,
                asked=health.asked & {q.key for q in stand},
                ticked={key: tick for key, tick in health.ticked.items() if key in lasting},
            )
            self.keep("health", still)
        given = {topic.name for topic in list_standing() if self._saved[topic.name]}
        self.keep("still", StillTrue(self.value("still").topics | given))
        self._follow()

    def said_saved(self, at: datetime) -> None:
        """Show that something is in the vault, and since when."""
        self.page.saved(self.desk.words("forms.saved", clock=f"{at:%H:%M}"))

    def _follow(self) -> None:
        """Everything that is shown follows from what is answered."""
        for form in self._forms.get("again", ()):
            form.take(self._again())
        self.tonight.follow()
        self.mark()

    # What is shown --------------------------------------------------------------------

    def wishes_opened(self) -> None:
        """The next round asks afresh, on another evening."""
        for form in self._forms.get("wishes", ()):
            assert isinstance(form, WishesForm)  # noqa: S101 - it is the form of that topic
            form.tell(self.tonight.wishes_asked, due=self.tonight.round_due)

    @property
    def goes_on(self) -> bool:
        """Whether the page opens at *Tonight*: on a later evening, or with a session under way."""
        return self.tonight.under_way or self.returning

    def welcome(self) -> None:
        """Show where to go on, and who is at the screen."""
        if self.goes_on:
            self.page.begin("tonight")  # first, so that the page turns once
        me = self.desk.me
        self.page.seat = {"name": me.name, "colour": me.colour, "shape": me.shape}
        self.mark()
        if self.tonight.ask():
            self.tonight.follow()

    def mark(self) -> None:
        """Mark the chapters: done, or open."""
        missing = self.open_topics()
        marks: dict[str, str] = {}
        for topic in TOPICS:
            is_open = topic.name in missing if topic.is_required else not self._saved[topic.name]
            if topic.marks_chapter and marks.get(topic.chapter) != "open":
                marks[topic.chapter] = "open" if is_open else "done"
        marks["tonight"] = "done" if self.tonight.ended else "open"
        self.page.chapters = marks

    def form(self, name: str) -> Widget:
        """Build the form of this name for this person."""
        if name in Tonight.FORMS:
            return self.tonight.form(name)
        if name in Afterwards.FORMS:
            return self.afterwards.form(name)
        if name == "people":
            return self._people()
        if name == "again":
            return self._again_form()
        made, show = self._topic(name), self.desk.show
        self._forms.setdefault(name, []).append(made)
        made.observe(guarded(lambda change: self._changed(name, made, change), show), "value")
        return made

    def _changed(self, topic: str, form: Form, change: Any) -> None:
        """Save what a form says, unless it only shows what is saved."""
        if change.new != self.value(topic):
            self.keep(topic, change.new, form.based_on(change.old))

    def _topic(self, name: str) -> Form:
        desk, value = self.desk, self.value(name)
        if name == "health":
            return HealthForm(desk, value, self.screen)
        if name == "oils":
            return OilsForm(desk, value, self._suitable, lambda: self.now)
        if name == "wishes":
            return WishesForm(desk, value, self.tonight.wishes_asked, due=self.tonight.round_due)
        return form_class(name)(desk, value)

    def _suitable(self, value: OilAnswers) -> tuple[Suitability, ...]:
        found: tuple[Suitability, ...] = products.assess_products(
            value, self.screen(self.value("health")), self.desk.tables, self.now, self.learned()
        )
        return found

    def _people(self) -> Widget:
        form = PeopleForm(
            self.desk,
            self.desk.people,
            self.change,
            self._erase,
            self._erase_shared,
            new_code=self._new_code,
            pin=self._pin,
            printing=self.page.paper,
        )

        def changed(change: Any) -> None:
            if change.new == self.desk.people:
                return
            base, me = (each.at(self.lane.seat) for each in (change.old, change.new))
            before = people.read_own_person(self.lane)
            me = together.save(
                merge_values(base, me, before.value),
                before,
                None,
                put=lambda new, expected_version: people.save_person(
                    self.lane, new, expected_version=expected_version
                ),
                read=lambda: people.read_own_person(self.lane),
            ).value
            self.desk = replace(self.desk, people=self.lane.people)
            self.page.seat = {"name": me.name, "colour": me.colour, "shape": me.shape}
            self.said_saved(self.now)

        self._forms.setdefault("people", []).append(form)
        form.observe(guarded(changed, self.desk.show), "value")
        return form

    def _again(self) -> Again:
        return Again(self.value("consent"), self.value("health"), self.value("time"))

    def _again_form(self) -> Widget:
        say = self.desk.words
        if not self.returning:
            return Prose([p(say("forms.again_first"))])
        standing = {
            say(f"forms.still_{topic.name}"): f"#{topic.chapter}"
            for topic in list_standing()
            if self._saved[topic.name]
        }
        given = {topic.name for topic in list_standing() if self._saved[topic.name]}
        form = AgainForm(
            self.desk,
            self._again(),
            standing,
            self.confirm,
            confirmed=given <= self.value("still").topics,
        )

        def kept(change: Any) -> None:
            if change.new == self._again():
                return
            base = form.based_on(change.old)
            self.keep("consent", change.new.consent, base.consent)
            self.keep("time", change.new.time, base.time)
            if change.new.health != self.value("health"):
                # The body of today: it confirms none of the standing health answers.
                self.keep("health", change.new.health, base.health, confirms=False)

        self._forms.setdefault("again", []).append(form)
        form.observe(guarded(kept, self.desk.show), "value")
        return form

    def close(self) -> None:
        """Drop the keys and everything that was answered."""
        self.lane.close()
        self.rest()

    def rest(self) -> None:
        """Drop everything that was answered, and keep the keys."""
        self._bell.close()
        self._saved.clear()
        self._forms.clear()
