"""Shows a recovery code once, to be printed or written down; one group is typed as proof."""

from __future__ import annotations

from collections.abc import Callable

from workbook.content.words import Words
from workbook.domain.errors import ChangedElsewhere
from workbook.domain.passphrase import fold_code
from workbook.ui.form import Form, make_button, make_foot, make_text_field
from workbook.ui.guard import Show
from workbook.ui.widgets.prose import Block, Prose, p, title

Printing = Callable[[str, str], None]
"""Prints a title and a text, and nothing else of the page."""


class CodeForm(Form):
    """Shows one code and asks for one group of it, as proof that it was written down.

    Args:
        words: the words of the language.
        code: the code.
        kept: called when the right group was typed; it may raise ``ChangedElsewhere``.
        show: shows an error to the reader.
        printing: prints the code.
        later: called if the person wants a new code the next time; without it they are not
            asked.
        whose: the block with the owner's mark; None where the page says it.

    """

    def __init__(
        self,
        words: Words,
        code: str,
        kept: Callable[[], None],
        *,
        show: Show,
        printing: Printing,
        later: Callable[[], None] | None = None,
        whose: Block | None = None,
    ) -> None:
        groups = code.split("-")
        wanted = len(groups) // 2
        typed = make_text_field(words, "code_group")
        typed.description = words("cover.code_retype", number=wanted + 1)
        answer = Prose()

        def check() -> None:
            if fold_code(typed.value) != groups[wanted]:
                answer.set_blocks(p(words("cover.code_wrong", number=wanted + 1)))
                return
            try:
                kept()
            except ChangedElsewhere:
                answer.set_blocks(p(words("cover.code_newer")))

        def on_paper() -> None:
            # Without a name: the printed page must not say whose code it is.
            printing(words("cover.code"), code)

        waiting = []
        if later:
            waiting.append(make_button(words("cover.code_later"), later, show))
            waiting[0].add_class("at-plain-button")
        super().__init__(
            [
                Prose(
                    [
                        *([whose] if whose else []),
                        title(words("cover.code")),
                        p(words("cover.code_help")),
                        {"kind": "quote", "text": code, "label": ""},
                    ]
                ),
                make_button(words("cover.code_print"), on_paper, show),
                typed,
                answer,
                *waiting,
                make_foot(words("cover.code_kept"), check, show),
            ]
        )
