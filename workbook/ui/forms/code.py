"""Shows a recovery code once, to be printed or written down; one group is typed as proof."""

from __future__ import annotations

from collections.abc import Callable

from workbook.content.words import Words
from workbook.ui.form import Form, make_button, make_text_field
from workbook.ui.guard import Show
from workbook.ui.widgets.prose import Block, Prose, h, p

Printing = Callable[[str, str], None]
"""Prints a title and a text, and nothing else of the page."""


class CodeForm(Form):
    """Shows one code and asks for one group of it, as proof that it was written down."""

    def __init__(
        self,
        words: Words,
        code: str,
        kept: Callable[[], None],
        *,
        show: Show,
        printing: Printing,
        whose: Block | None = None,
    ) -> None:
        groups = code.split("-")
        wanted = len(groups) // 2
        typed = make_text_field(words, "code_group")
        typed.description = words("cover.code_retype", number=wanted + 1)
        answer = Prose()

        def check() -> None:
            if typed.value.strip().upper() == groups[wanted].upper():
                kept()
            else:
                answer.set_blocks(p(words("cover.code_wrong", number=wanted + 1)))

        def on_paper() -> None:
            # Without a name: the printed page must not say whose code it is.
            printing(words("cover.code"), code)

        super().__init__(
            [
                Prose(
                    [
                        *([whose] if whose else []),
                        h(words("cover.code")),
                        p(words("cover.code_help")),
                        {"kind": "quote", "text": code, "label": ""},
                    ]
                ),
                make_button(words("cover.code_print"), on_paper, show),
                typed,
                answer,
                make_button(words("cover.code_kept"), check, show, main=True),
            ]
        )
