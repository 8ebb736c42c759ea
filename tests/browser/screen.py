"""One page of the book as two people use it: by role, label and text, never by inside names."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from playwright.sync_api import Locator, Page, expect

if TYPE_CHECKING:
    from tests.browser.conftest import App

PASSPHRASES = {"Kim": "quiet harbour lantern moss", "Robin": "seven slow rivers homeward"}


class Screen:
    """A page that counts taps, so that a return evening can be held to its ten."""

    def __init__(self, page: Page, app: App) -> None:
        self.page = page
        self.app = app
        self.taps = 0
        self.passphrase = ""
        page.set_default_timeout(30_000)

    def open(self) -> None:
        self.app.open(self.page)

    # Opening the book

    def set_up(self) -> None:
        """From an empty data folder to two people with kept codes; the book is open for Robin."""
        self.press("Set up the book")
        self.set_up_person("Kim")
        self.keep_code()
        self.press("I am here")
        self.set_up_person("Robin")
        self.keep_code()
        expect(self.page.get_by_role("banner").get_by_text("Robin")).to_be_visible(timeout=60_000)

    def set_up_person(self, name: str) -> None:
        """One person's name and passphrase, up to their code."""
        page = self.page
        page.get_by_label("Your name").fill(name)
        self.choose("Are you 18 or older?", "Yes")
        self.press("Next")
        page.get_by_label("Your passphrase").fill(PASSPHRASES[name])
        page.get_by_label("The same once more").fill(PASSPHRASES[name])
        self.press("Use this passphrase")
        expect(page.get_by_role("heading", name="Your recovery code")).to_be_visible(timeout=60_000)

    def keep_code(self) -> str:
        """Type the group that is asked for; return the code."""
        field = self.page.get_by_label(re.compile(r"Type group \d+ of the code"))
        expect(field).to_be_visible(timeout=60_000)
        wanted = int(re.search(r"\d+", field_label(field))[0])
        code = self.page.locator("blockquote:visible").inner_text().strip()
        field.fill(code.split("-")[wanted - 1])
        self.press("I have it written down")
        return code

    def unlock(self, name: str, passphrase: str | None = None) -> None:
        field = self.page.get_by_label("Your passphrase")
        expect(field).to_be_visible(timeout=60_000)
        self.passphrase = passphrase or PASSPHRASES[name]
        field.fill(self.passphrase)
        self.press("Open")
        expect(self.page.get_by_role("banner").get_by_text(name)).to_be_visible(timeout=60_000)

    def pass_screen(self) -> None:
        """A new page with a new kernel; the old one is gone."""
        self.choose_in_menu("Pass the screen")
        self.take_turn()

    def take_turn(self) -> None:
        """Tap the cover that says whose turn it is."""
        turn = self.button(re.compile(", your turn$"))
        expect(turn).to_be_visible(timeout=60_000)  # a new page comes first, with a new kernel
        turn.click()
        expect(self.page.get_by_label("Your passphrase")).to_be_visible(timeout=60_000)

    def choose_in_menu(self, name: str) -> None:
        """Press a line of the menu that every screen has."""
        banner = self.page.get_by_role("banner")
        banner.get_by_role("button", name="Help and more").click()
        banner.get_by_role("button", name=name, exact=True).click()

    # Turning pages and answering

    def turn_to(self, chapter: str) -> Locator:
        self.page.evaluate("slug => { location.hash = slug }", chapter)
        section = self.page.locator(f"section#{chapter}")
        expect(section).to_be_visible()
        # Its forms are built when it is shown.
        expect(section.locator("[data-at-view]")).to_have_count(0)
        expect(section.locator(".at-place:empty")).to_have_count(0)
        self.open_answers(section)
        folds, place = section.locator(".at-q-fold"), 0
        while place < folds.count():  # what is folded away is answered as well
            fold = folds.nth(place)
            summary = fold.locator("> summary")
            if summary.is_visible() and fold.get_attribute("open") is None:
                summary.click()
                expect(fold).to_have_attribute("open", "")
            place += 1
        return section

    def open_answers(self, section: Locator) -> None:
        """Have one's own answers shown, if they are put away."""
        closed = section.get_by_role("button", name="Open my answers")
        if not closed.count():
            return
        closed.first.click()
        field = section.get_by_label("Your passphrase, or your short code")
        if self.passphrase:  # the demo asks for none
            field.fill(self.passphrase)
            section.get_by_role("button", name="Open", exact=True).click()
        expect(closed).to_have_count(0)
        expect(field).to_have_count(0)

    def press(self, name: str | re.Pattern[str]) -> None:
        self.taps += 1
        self.button(name).click()

    def button(self, name: str | re.Pattern[str]) -> Locator:
        exact = isinstance(name, str)
        return self.page.get_by_role("button", name=name, exact=exact).filter(visible=True).first

    def question(self, label: str) -> Locator:
        return self.page.get_by_role("group", name=label, exact=True).filter(visible=True).first

    def choose(self, question: str, *options: str) -> None:
        for option in options:
            self.taps += 1
            group = self.question(question)
            name = re.compile(f"^{re.escape(option)}")
            box = (
                group.get_by_role("radio", name=name)
                .or_(group.get_by_role("checkbox", name=name))
                .first
            )
            box.click()
            expect(box).to_be_checked()

    def open_areas(self, question: str, *areas: str, mark: str = "Open") -> None:
        """Answer rows of a list behind its switch, whose groups fold away."""
        self.show_layer(question.removesuffix(", as a list"))
        self.show_list()
        group = self.question(question)
        expect(group).to_be_visible()
        folded = group.locator("details:not([open]) > summary")
        while folded.count():
            folded.first.click()
        for area in areas:
            self.taps += 1
            row = group.get_by_role("group", name=area, exact=True)
            choice = row.get_by_role("radio", name=mark)
            choice.click()
            expect(choice).to_be_checked()

    def show_list(self) -> None:
        """Show the list of the map's answers in place of the figure."""
        self.page.get_by_role("checkbox", name="List").filter(visible=True).first.check()

    def show_layer(self, question: str) -> None:
        """Where one map asks for receiving and for giving, show the one that is meant."""
        for role in ("receive", "give"):
            tab = self.page.get_by_role("radio", name=f"When I {role}").filter(visible=True)
            if question.startswith(f"When you {role}") and tab.count():
                tab.check()

    def paint(self, question: str, mark: str, *parts: str) -> None:
        """Answer on the body map."""
        self.show_layer(question)
        group = self.question(question)
        group.get_by_role("radio", name=mark, exact=True).check()
        for part in parts:
            self.taps += 1
            place = group.get_by_role("button", name=re.compile(f"^{re.escape(part)}"))
            place.filter(visible=True).first.click()
            expect(place.first).to_have_accessible_name(re.compile(f": {re.escape(mark)}"))

    def write(self, label: str, text: str) -> None:
        field = self.page.get_by_label(label, exact=True).filter(visible=True).first
        field.fill(text)
        field.blur()

    @staticmethod
    def say_yes_on_both(kim: Screen, robin: Screen) -> None:
        """Each says yes on their own page."""
        for screen, name in zip((kim, robin), PASSPHRASES, strict=True):
            screen.press(f"{name}: yes to this plan")
        agreed = kim.page.get_by_text("You have both said yes.").first
        expect(agreed).to_be_visible()

    def try_signals(self) -> None:
        """Tick both signals as tried."""
        self.choose("Try each once", "The word", "The signal")

    def see_plan(self, minutes: int = 20) -> None:
        """Wait for tonight's plan, and unfold its steps."""
        tonight = self.page.locator("section#tonight")
        expect(tonight.get_by_text(f"receives, {minutes} minutes.")).to_be_visible()
        tonight.get_by_text("See the plan", exact=True).click()
        expect(tonight.get_by_text(f"The plan, {minutes} minutes")).to_be_visible()

    def say_yes(self) -> None:
        """Both say yes to the plan on one page, the second once the first was taken."""
        for name in PASSPHRASES:
            self.press(f"{name}: yes to this plan")
            back = self.page.get_by_role("button", name=f"{name}: take my yes back")
            expect(back.filter(visible=True).first).to_be_visible()

    def play(self, *, softer_at: int | None = None) -> None:
        """Let the guided session run to its end; the browser's clock is moved, not waited for.

        Every check-in is answered by its last choice, "as it is". ``softer_at`` is a number
        of seconds after which the receiver asks for softer once.
        """
        page = self.page
        self.press("Begin")
        ended = page.get_by_text("That was it.")
        played = 0
        while not ended.is_visible():
            page.clock.run_for(4_000)
            page.wait_for_timeout(40)  # the server refuses more frames a second than people make
            played += 4
            asked = page.get_by_role("dialog").get_by_role("group").filter(visible=True)
            if asked.count():
                asked.first.get_by_role("button").last.click()
            if softer_at is not None and played >= softer_at:
                softer_at = None
                self.press("Softer")
            assert played < 3600, "The session does not come to its end."

    def saved(self) -> None:
        expect(self.page.get_by_text(re.compile(r"Saved \d\d:\d\d")).first).to_be_visible()


def field_label(field: Locator) -> str:
    """The words of a field's label."""
    return str(field.evaluate("node => node.labels[0].innerText"))
