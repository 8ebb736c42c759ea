"""The cover: opens the book for the person whose passphrase is typed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date

from workbook.content.words import Words
from workbook.domain.errors import WorkbookError
from workbook.domain.seats import Seat
from workbook.ui.form import Form, make_button
from workbook.ui.guard import Show, show_errors
from workbook.ui.widgets.prose import Prose, h, p
from workbook.ui.widgets.secret import Secret

Unlock = Callable[[str], None]


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


class VaultGoneForm(Form):
    """Offers to bring a book back from its backups, where its vault is gone."""

    def __init__(
        self,
        words: Words,
        show: Show,
        *,
        last: date,
        folder: str,
        restore: Callable[[], None],
        begin_anew: Callable[[], None],
    ) -> None:
        """Build the form.

        Args:
            words: the words of the language.
            show: shows an error to the reader.
            last: local date of the last backup.
            folder: where the vault should lie, as people read it.
            restore: puts the last backup in the vault's place.
            begin_anew: shows the set-up instead.

        """
        super().__init__(
            [
                Prose(
                    [
                        h(words("cover.gone")),
                        p(words("cover.gone_help", date=words.language.write_date(last))),
                    ]
                ),
                make_button(words("cover.bring_back"), restore, show, main=True),
                Prose([p(words("cover.gone_where", folder=folder)), p(words("cover.anew_help"))]),
                make_button(words("cover.anew"), begin_anew, show),
            ]
        )


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
                asked.show_message(words("cover.pin_wrong", left=left))

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
