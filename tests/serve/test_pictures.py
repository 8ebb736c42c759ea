"""The pictures of a Markdown cell: what goes into the text, and what is named as missing."""

from __future__ import annotations

from base64 import b64decode, b64encode
from pathlib import Path

import pytest

from workbook.serve import pictures
from workbook.serve.pictures import embed_pictures

PNG = b"\x89PNG\r\n\x1a\n"
SVG = "<svg xmlns='http://www.w3.org/2000/svg'/>"


def shown(text: str) -> bytes:
    return b64decode(text.partition("base64,")[2].rstrip(")"))


def test_an_attachment_stands_in_the_text_as_stored(tmp_path: Path) -> None:
    stored = {"a b.png": {"image/png": b64encode(PNG).decode() + "\n"}}

    text, missing = embed_pictures("![dot](attachment:a%20b.png)", stored, tmp_path)

    assert text.startswith("![dot](data:image/png;base64,")
    assert (shown(text), missing) == (PNG, ())


def test_a_drawing_that_is_stored_as_text_stands_in_it_too(tmp_path: Path) -> None:
    stored = {"ring.svg": {"image/svg+xml": [SVG]}}

    text, missing = embed_pictures("![ring](attachment:ring.svg)", stored, tmp_path)

    assert (shown(text), missing) == (SVG.encode(), ())


def test_a_picture_beside_the_notebook_is_read(tmp_path: Path) -> None:
    (tmp_path / "pictures").mkdir()
    (tmp_path / "pictures" / "dot.png").write_bytes(PNG)

    text, missing = embed_pictures('![dot](pictures/dot.png "title")', {}, tmp_path)

    assert (shown(text), missing) == (PNG, ())


@pytest.mark.parametrize(
    "source",
    ["gone.png", "../outside.png", "notes.txt", "large.png", "attachment:gone.png", "a%00b.png",
     "https://elsewhere.example/dot.png"],
)  # fmt: skip
def test_one_that_cannot_be_shown_is_named_and_the_rest_stays(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, source: str
) -> None:
    inside = tmp_path / "inside"
    inside.mkdir()
    for file in (tmp_path / "outside.png", inside / "notes.txt"):
        file.write_bytes(PNG)
    (inside / "large.png").write_bytes(PNG * 10)
    monkeypatch.setattr(pictures, "MAX_PICTURE_BYTES", 40)

    text, missing = embed_pictures(f"Before ![x]({source}) after.", {}, inside)

    assert len(missing) == 1
    assert text == f"Before *A picture is missing here: {missing[0]}* after."


def test_an_example_in_a_block_of_code_is_no_picture(tmp_path: Path) -> None:
    fenced = "```\n![x](gone.png)\n```"

    assert embed_pictures(fenced, {}, tmp_path) == (fenced, ())
