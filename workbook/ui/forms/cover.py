"""The cover: sets the book up, or opens it for the person whose passphrase is typed."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from ipywidgets import Widget

from workbook.content.words import Words
from workbook.domain.errors import InvalidAnswer, WeakPassphrase, WorkbookError
from workbook.domain.passphrase import MIN_PASSPHRASE_CHARACTERS
from workbook.domain.seats import Colour, People, Person, Seat, Shape
from workbook.ui.form import Form, close_widget, make_button, make_text_field
from workbook.ui.forms.code import CodeForm, Printing
from workbook.ui.guard import Show, show_errors
from workbook.ui.questions import one, options
from workbook.ui.widgets.prose import Prose, h, notice, p, quote, seat
from workbook.ui.widgets.questions import Questions
from workbook.ui.widgets.secret import Secret

Unlock = Callable[[str], None]
SetUp = Callable[[People, Mapping[Seat, str]], Mapping[Seat, str]]
FIRST_MARKS = {Seat.A: (Colour.CLAY, Shape.CIRCLE), Seat.B: (Colour.SAGE, Shape.SQUARE)}


class LockedForm(Form):
    """Asks for a passphrase; it is sent only to this page's kernel."""

    def __init__(self, words: Words, unlock: Unlock, show: Show) -> None:
        self._words = words
        self._secret = Secret(dict(words.table("secret")), show_errors(unlock, self._show_error))
        lead = Prose([h(words("cover.locked")), p(words("cover.locked_help"))])
        self._forgotten = Prose()
        self._lost = make_button(words("cover.forgotten"), self._show_forgotten, show)
        super().__init__([lead, self._secret, self._lost, self._forgotten])

    def _show_forgotten(self) -> None:
        self._forgotten.set_blocks(p(self._words("cover.forgotten_help")))

    def _show_error(self, error: WorkbookError) -> None:
        self._secret.show_message(self._words.error(error))


class ScreenLockForm(Form):
    """Covers an idle page: its short code uncovers it, a passphrase opens the book again."""

    def __init__(
        self,
        words: Words,
        uncover: Callable[[str], int],
        instead: Callable[[], None],
        show: Show,
    ) -> None:
        """Build the cover; ``uncover`` returns how many tries are left if a code is wrong."""
        lead = Prose([h(words("cover.resting")), p(words("cover.resting_help"))])

        def given(code: str) -> None:
            if left := uncover(code):
                key = "cover.pin_wrong" if left > 1 else "cover.pin_last"
                asked.show_message(words(key, left=left))

        asked = Secret(dict(words.table("secret_pin")), show_errors(given, show), brief=True)
        super().__init__([lead, asked, make_button(words("cover.pin_instead"), instead, show)])


class DemoForm(Form):
    """Asks with two buttons, instead of a passphrase, who is at the screen of the demo."""

    def __init__(
        self, words: Words, names: Mapping[Seat, str], opened: Callable[[Seat], None], show: Show
    ) -> None:
        def opening(who: Seat) -> Callable[[], None]:
            return lambda: opened(who)

        super().__init__(
            [
                Prose([p(words("cover.demo"))]),
                *(
                    make_button(words("cover.open_as", name=name), opening(who), show, main=True)
                    for who, name in names.items()
                ),
            ]
        )


class SetUpForm(Form):
    """The set-up: two names, two passphrases, two recovery codes.

    The kernel that runs this form makes the keys of both people, shows each code once,
    and ends.
    """

    def __init__(
        self,
        words: Words,
        show: Show,
        set_up: SetUp,
        suggest: Callable[[], str],
        done: Callable[[], None],
        *,
        on_page_shown: Callable[[], None] = lambda: None,
        printing: Printing = lambda _title, _text: None,
    ) -> None:
        self._words, self._show = words, show
        self._set_up, self._suggest, self._done = set_up, suggest, done
        self._on_page_shown, self._printing = on_page_shown, printing
        self._typed_once = ""
        self._names: dict[Seat, str] = {}
        self._secrets: dict[Seat, str] = {}
        super().__init__()
        self._show_welcome()

    def _show_page(self, *page: Widget) -> None:
        """Show the next page and close the one before, which may have shown a person's code."""
        gone, self.children = self.children, page
        for each in gone:
            close_widget(each)
        self._on_page_shown()

    def _show_welcome(self) -> None:
        say = self._words
        self._show_page(
            Prose(
                [
                    p(say("cover.new")),
                    p(say("cover.promise")),
                    notice(say("cover.unsafe"), "#help", say("cover.unsafe_link")),
                ]
            ),
            make_button(
                say("cover.begin"), lambda: self._ask_person(Seat.A), self._show, main=True
            ),
        )

    def _ask_person(self, who: Seat) -> None:
        """Ask for name, age and passphrase of one person."""
        say = self._words
        colour, shape = FIRST_MARKS[who]
        name = make_text_field(say, "your_name")
        forms = say.table("forms")
        adult = Questions(
            questions=[
                one("adult", say("forms.adult_question"), options(forms, ("adult", "minor")))
            ],
            answers={},
            words=dict(say.table("questions")),
        )
        words = self._suggest()
        offered = Prose([quote(say("cover.offer", words=words))])
        self._typed_once = words

        def given(secret: str) -> None:
            self._take_passphrase(
                who, name.value.strip(), adult.answers.get("adult"), secret, asked
            )

        asked = Secret(dict(say.table("secret_new")), show_errors(given, self._show), new=True)
        self._show_page(
            Prose([seat(say(f"cover.person_{who.lower()}"), colour, shape)]),
            name,
            adult,
            Prose([h(say("cover.passphrase")), p(say("cover.passphrase_help"))]),
            offered,
            asked,
        )

    def _take_passphrase(
        self, who: Seat, name: str, age: str | None, secret: str, asked: Secret
    ) -> None:
        say = self._words
        if age != "adult":
            key = "cover.minor" if age == "minor" else "cover.age_missing"
            asked.show_message(say(key))
            return
        try:
            Person(who, name, *FIRST_MARKS[who])
        except InvalidAnswer:
            asked.show_message(say("cover.name_missing"))
            return
        try:
            self._check_passphrase(secret)
        except WorkbookError as error:
            asked.show_message(say.error(error))
            return
        if secret.strip() in (kept.strip() for kept in self._secrets.values()):
            asked.show_message(say("cover.same"))
            return
        if secret.strip() != self._typed_once.strip():
            self._typed_once = secret  # typed twice: a mistyped passphrase would lock its owner out
            asked.show_message(say("cover.once_more"))
            return
        self._typed_once = ""
        self._names[who], self._secrets[who] = name, secret
        if who is Seat.A:
            self._pass_screen_to(say("cover.person_b"), lambda: self._ask_person(Seat.B))
        else:
            self._create_vault(asked)

    def _check_passphrase(self, secret: str) -> None:
        if len(secret.strip()) < MIN_PASSPHRASE_CHARACTERS:
            raise WeakPassphrase(least=MIN_PASSPHRASE_CHARACTERS)

    def _create_vault(self, asked: Secret) -> None:
        asked.busy = True
        people = People(
            *(Person(who, self._names[who], *FIRST_MARKS[who]) for who in (Seat.A, Seat.B))
        )
        codes = self._set_up(people, dict(self._secrets))
        self._secrets.clear()
        # B is at the screen, so B's code comes first; then the screen goes to A.
        self._show_code(Seat.B, codes, lambda: self._show_last_code(codes))

    def _show_last_code(self, codes: Mapping[Seat, str]) -> None:
        self._pass_screen_to(
            self._names[Seat.A], lambda: self._show_code(Seat.A, codes, self._done)
        )

    def _show_code(self, who: Seat, codes: Mapping[Seat, str], then: Callable[[], None]) -> None:
        """Show one code once and ask for one group of it, as proof that it was written down."""
        say = self._words
        colour, shape = FIRST_MARKS[who]
        self._show_page(
            CodeForm(
                say,
                codes[who],
                then,
                show=self._show,
                printing=self._printing,
                whose=seat(self._names[who], colour, shape),
            )
        )

    def _pass_screen_to(self, name: str, then: Callable[[], None]) -> None:
        say = self._words
        self._show_page(
            Prose([h(say("cover.pass_to", name=name)), p(say("cover.pass_help"))]),
            make_button(say("cover.pass_done", name=name), then, self._show, main=True),
        )
