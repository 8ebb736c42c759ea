"""The cover: set the book up, or open it. Whoever's passphrase opens it is at the screen."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from ipywidgets import Widget

from workbook.content.words import Words
from workbook.domain.errors import InvalidAnswer, WeakPassphrase, WorkbookError
from workbook.domain.passphrase import MIN_PASSPHRASE_CHARACTERS
from workbook.domain.seats import Colour, People, Person, Seat, Shape
from workbook.ui.form import Form, button, close, line
from workbook.ui.forms.code import CodeForm, Printing
from workbook.ui.guard import Show, guarded
from workbook.ui.widgets.prose import Prose, h, notice, p, quote, seat
from workbook.ui.widgets.questions import Questions
from workbook.ui.widgets.secret import Secret

Unlock = Callable[[str], None]
SetUp = Callable[[People, Mapping[Seat, str]], Mapping[Seat, str]]
MARKS = {Seat.A: (Colour.CLAY, Shape.CIRCLE), Seat.B: (Colour.SAGE, Shape.SQUARE)}


class LockedForm(Form):
    """Asks for a passphrase; what opens it stays in this page's kernel."""

    def __init__(self, words: Words, unlock: Unlock, show: Show) -> None:
        self._words = words
        self._secret = Secret(dict(words.table("secret")), guarded(unlock, self._say))
        lead = Prose([h(words("cover.locked")), p(words("cover.locked_help"))])
        self._forgotten = Prose()
        self._lost = button(words("cover.forgotten"), self._forgot, show)
        super().__init__([lead, self._secret, self._lost, self._forgotten])

    def _forgot(self) -> None:
        self._forgotten.say(p(self._words("cover.forgotten_help")))

    def _say(self, error: WorkbookError) -> None:
        self._secret.say(self._words.error(error))


class RestingForm(Form):
    """Covers a page that nobody touched: its short code uncovers it, a passphrase opens afresh."""

    def __init__(
        self,
        words: Words,
        uncover: Callable[[str], int],
        instead: Callable[[], None],
        show: Show,
    ) -> None:
        """Show the cover; ``uncover`` returns how many tries are left if a code is wrong."""
        lead = Prose([h(words("cover.resting")), p(words("cover.resting_help"))])

        def given(code: str) -> None:
            if left := uncover(code):
                key = "cover.pin_wrong" if left > 1 else "cover.pin_last"
                asked.say(words(key, left=left))

        asked = Secret(dict(words.table("secret_pin")), guarded(given, show), brief=True)
        super().__init__([lead, asked, button(words("cover.pin_instead"), instead, show)])


class DemoForm(Form):
    """Two buttons instead of two passphrases: the demo keeps nothing."""

    def __init__(
        self, words: Words, names: Mapping[Seat, str], opened: Callable[[Seat], None], show: Show
    ) -> None:
        def opening(who: Seat) -> Callable[[], None]:
            return lambda: opened(who)

        super().__init__(
            [
                Prose([p(words("cover.demo"))]),
                *(
                    button(words("cover.open_as", name=name), opening(who), show, main=True)
                    for who, name in names.items()
                ),
            ]
        )


class SetUpForm(Form):
    """The first ten minutes: two names, two passphrases, two recovery codes.

    The kernel that runs this form belongs to nobody: it makes the keys, shows
    each code once, and ends.
    """

    def __init__(
        self,
        words: Words,
        show: Show,
        set_up: SetUp,
        suggest: Callable[[], str],
        done: Callable[[], None],
        *,
        turned: Callable[[], None] = lambda: None,
        printing: Printing = lambda _title, _text: None,
    ) -> None:
        self._words, self._show = words, show
        self._set_up, self._suggest, self._done = set_up, suggest, done
        self._turned, self._printing = turned, printing
        self._once = ""
        self._names: dict[Seat, str] = {}
        self._secrets: dict[Seat, str] = {}
        super().__init__()
        self._welcome()

    def _turn(self, *page: Widget) -> None:
        """Show the next page and close the one before: a code is for one person's eyes."""
        gone, self.children = self.children, page
        for each in gone:
            close(each)
        self._turned()

    def _welcome(self) -> None:
        say = self._words
        self._turn(
            Prose(
                [
                    p(say("cover.new")),
                    p(say("cover.promise")),
                    notice(say("cover.unsafe"), "#help", say("cover.unsafe_link")),
                ]
            ),
            button(say("cover.begin"), lambda: self._ask(Seat.A), self._show, main=True),
        )

    def _ask(self, who: Seat) -> None:
        """Name, age and passphrase of one person, on a page of their own."""
        say = self._words
        colour, shape = MARKS[who]
        name = line(say, "your_name")
        adult = Questions(
            questions=[
                {
                    "key": "adult",
                    "kind": "one",
                    "label": say("forms.adult_question"),
                    "options": [
                        {"key": "adult", "label": say("forms.adult")},
                        {"key": "minor", "label": say("forms.minor")},
                    ],
                }
            ],
            answers={},
            words=dict(say.table("questions")),
        )
        words = self._suggest()
        offered = Prose([quote(say("cover.offer", words=words))])
        self._once = words

        def given(secret: str) -> None:
            self._given(who, name.value.strip(), adult.answers.get("adult"), secret, asked)

        asked = Secret(dict(say.table("secret_new")), guarded(given, self._show), new=True)
        self._turn(
            Prose([seat(say(f"cover.person_{who.lower()}"), colour, shape)]),
            name,
            adult,
            Prose([h(say("cover.passphrase")), p(say("cover.passphrase_help"))]),
            offered,
            asked,
        )

    def _given(self, who: Seat, name: str, age: str | None, secret: str, asked: Secret) -> None:
        say = self._words
        if age != "adult":
            key = "cover.minor" if age == "minor" else "cover.age_missing"
            asked.say(say(key))
            return
        try:
            Person(who, name, *MARKS[who])
        except InvalidAnswer:
            asked.say(say("cover.name_missing"))
            return
        try:
            self._check(secret)
        except WorkbookError as error:
            asked.say(say.error(error))
            return
        if secret.strip() in (kept.strip() for kept in self._secrets.values()):
            asked.say(say("cover.same"))
            return
        if secret.strip() != self._once.strip():
            self._once = secret  # a slip of the finger would lock its owner out
            asked.say(say("cover.once_more"))
            return
        self._once = ""
        self._names[who], self._secrets[who] = name, secret
        if who is Seat.A:
            self._pass_to(say("cover.person_b"), lambda: self._ask(Seat.B))
        else:
            self._make(asked)

    def _check(self, secret: str) -> None:
        if len(secret.strip()) < MIN_PASSPHRASE_CHARACTERS:
            raise WeakPassphrase(least=MIN_PASSPHRASE_CHARACTERS)

    def _make(self, asked: Secret) -> None:
        asked.busy = True
        people = People(*(Person(who, self._names[who], *MARKS[who]) for who in (Seat.A, Seat.B)))
        codes = self._set_up(people, dict(self._secrets))
        self._secrets.clear()
        # B is at the screen, so B's code comes first; then the screen goes to A.
        self._code(Seat.B, codes, lambda: self._last(codes))

    def _last(self, codes: Mapping[Seat, str]) -> None:
        self._pass_to(self._names[Seat.A], lambda: self._code(Seat.A, codes, self._done))

    def _code(self, who: Seat, codes: Mapping[Seat, str], then: Callable[[], None]) -> None:
        """Show one code once and have one group of it typed, as proof that it is kept."""
        say = self._words
        colour, shape = MARKS[who]
        self._turn(
            CodeForm(
                say,
                codes[who],
                then,
                show=self._show,
                printing=self._printing,
                whose=seat(self._names[who], colour, shape),
            )
        )

    def _pass_to(self, name: str, then: Callable[[], None]) -> None:
        say = self._words
        self._turn(
            Prose([h(say("cover.pass_to", name=name)), p(say("cover.pass_help"))]),
            button(say("cover.pass_done", name=name), then, self._show, main=True),
        )
