"""The kit for leaders: two sessions, handouts of one page, and what nobody has reviewed."""

from __future__ import annotations

import pytest

from tests.paper.pdf import plain, read, text
from workbook.content.guidance import load_guidance, load_resources
from workbook.content.kit import HANDOUTS, load_session_parts
from workbook.content.rows import CONTENT_FOLDER
from workbook.content.words import load_words
from workbook.domain.errors import InvalidTable
from workbook.paper.kit import REVIEWED_TOPICS, TRIED_STROKES, make_kit

SAY = load_words()
RESOURCES = load_resources()
BRITAIN = next(country for country in RESOURCES.countries if country.id == "GB")


@pytest.fixture(scope="module")
def kit() -> dict[str, bytes]:
    return make_kit(SAY, RESOURCES, "letter", BRITAIN)


def test_what_is_handed_out_is_one_page_each(kit):
    pages = {name: len(read(made).pages) for name, made in kit.items()}

    assert pages.pop("5-sheets-for-two.pdf") == 10
    assert set(pages.values()) == {1}
    assert {f"4-handout-{name}.pdf" for name in HANDOUTS} <= pages.keys()
    assert all(read(made).pages[0].mediabox[3] == 792 for made in kit.values())


def test_the_first_page_says_what_nobody_has_reviewed(kit):
    first = text(min(kit.items())[1], 0)
    reviewed = [f"kit.review_{key}" for key in ("health", "skin", "hands", "touch", "help", "safe")]

    assert plain(SAY("kit.review_line")) in first
    assert first.index(SAY("kit.review")) < first.index(SAY("kit.not_for"))
    for key in (*reviewed, "kit.not_for_fear", "kit.not_for_no", "kit.not_for_able"):
        assert plain(SAY(key)) in first
    for topic in REVIEWED_TOPICS:
        count = len(load_guidance().provenance[topic])
        assert f"{SAY(f'kit.tables.{topic}')} {count} rows" in first


@pytest.mark.parametrize(("minutes", "count"), [(60, 6), (90, 8)])
def test_a_session_fills_its_time_without_a_gap(kit, minutes, count):
    page = text(next(made for name, made in kit.items() if f"session-{minutes}" in name), 0)
    parts = [part for part in load_session_parts() if (minutes == 90 or part.short)]
    at = 0

    assert len(parts) == count
    for part in parts:
        until = at + (part.short if minutes == 60 else part.long)
        assert f"{at}–{until}" in page
        assert plain(SAY(f"kit.parts.{part.key}.do")) in page
        at = until
    assert at == minutes
    assert {"signals", "duet", "strokes"} < {part.key for part in parts}
    assert SAY("levels.medium.anchor") in page  # words for pressure, beside the duet


def test_the_handouts_say_their_rows(kit):
    consent, strokes = (text(kit[f"4-handout-{name}.pdf"], 0) for name in ("consent", "strokes"))

    for row in load_guidance().consent:
        assert plain(SAY(f"consent.{row.id}")) in consent
    for key in TRIED_STROKES:
        assert plain(SAY(f"strokes.{key}.not_here")) in strokes
    assert SAY("forms.signals_meaning") in text(kit["4-handout-signals.pdf"], 0)
    for line in RESOURCES.helplines:
        if line.country == "GB":
            assert line.number in text(kit["4-handout-help.pdf"], 0)


@pytest.mark.parametrize(
    ("old", "new", "why"),
    [
        ("long = 20", "long = 19", "89"),
        ('handout = "oils"', 'handout = "oil"', "no handout 'oil'"),
        ('key = "duet"', 'key = "signals"', "twice"),
    ],
)
def test_a_session_that_does_not_add_up_is_refused(tmp_path, old, new, why):
    rows = (CONTENT_FOLDER / "kit.toml").read_text(encoding="utf-8")
    (tmp_path / "kit.toml").write_text(rows.replace(old, new), encoding="utf-8")

    with pytest.raises(InvalidTable) as refused:
        load_session_parts(tmp_path)

    assert why in refused.value.facts["why"]
