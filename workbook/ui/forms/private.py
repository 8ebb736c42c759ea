"""What stands in the place of a private form while both look at the page."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from workbook.content.words import Words
from workbook.domain.errors import WorkbookError
from workbook.ui.form import Form, close_widget, make_button
from workbook.ui.guard import Show, show_errors
from workbook.ui.widgets.prose import Prose, p
from workbook.ui.widgets.secret import Secret


class PrivateForm(Form):
    """Says that answers are put away, and shows them once their owner has typed a passphrase.

    Args:
        words: the words of the page's language.
        asks: words of the field for the passphrase or short code; None: nothing is asked.
        open_answers: shows the answers; raises ``WrongPassphrase`` and ``TooManyTries``.
        show: shows an error.

    """

    def __init__(
        self,
        words: Words,
        asks: Mapping[str, str] | None,
        open_answers: Callable[[str], None],
        show: Show,
    ) -> None:
        self._words, self._asks, self._open, self._show = words, asks, open_answers, show
        button = make_button(words("forms.private_open"), self._ask, show)
        super().__init__([Prose([p(words("forms.private"))]), button])

    def _ask(self) -> None:
        if self._asks is None:
            self._open("")
            return
        asked = Secret(dict(self._asks), show_errors(self._take, self._show), brief=True)
        gone, self.children = self.children[-1], [self.children[0], asked]
        close_widget(gone)

    def _take(self, secret: str) -> None:
        asked = self.children[-1]
        try:
            self._open(secret)
        except WorkbookError as error:
            if isinstance(asked, Secret):
                asked.show_message(self._words.error(error))
