"""The sheets to fill in by hand: everything is on them, readable, and nothing runs off."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.paper.pdf import elements, plain, read, text, texts
from workbook.content.guidance import load_guidance, load_resources
from workbook.content.tables import load_tables
from workbook.content.words import load_words
from workbook.domain.errors import InvalidInput
from workbook.domain.guidance import HelpPlace
from workbook.paper import booklet, cards
from workbook.paper.fonts import list_runs, width_of
from workbook.paper.sheet import MARGIN, SIZES, SMALLEST, Sheet
from workbook.ui.reactions import describe_reactions

SAY = load_words()
TABLES = load_tables()
RESOURCES = load_resources()
PAGES = 11
"""Two private sheets of two sides, six cards, and the numbers of all countries."""


class WatchedSheet(Sheet):
    """Notes what runs over the edge."""

    beyond: tuple = ()

    def write(self, line, left, base, *look):
        wide = sum(width_of(text, font, look[0]) for text, font in list_runs(line))
        if left + wide > self.width - MARGIN + 1 or base < MARGIN:
            self.beyond = (*self.beyond, list_runs(line))
        super().write(line, left, base, *look)


@pytest.fixture(scope="module")
def sheets() -> dict[str, tuple[WatchedSheet, bytes]]:
    found = {}
    for size in SIZES:
        sheet = WatchedSheet(size, SAY("paper.title"))
        for page in booklet.list_all(SAY, RESOURCES, None):
            sheet.add(page)
        found[size] = (sheet, sheet.finish())
    return found


@pytest.fixture(scope="module")
def made(sheets) -> bytes:
    return sheets["a4"][1]


def words_of(*keys: str) -> list[str]:
    return [plain(SAY(key)) for key in keys]


@pytest.mark.parametrize("size", SIZES)
def test_every_page_holds_what_belongs_to_it_in_letters_that_can_be_read(size, sheets):
    sheet, printed = sheets[size]
    pages = read(printed).pages

    assert len(pages) == PAGES
    assert sheet.smallest >= SMALLEST
    assert sheet.beyond == ()
    assert {tuple(map(float, page.mediabox[2:])) for page in pages} == {
        tuple(round(each, 4) for each in SIZES[size])
    }


def test_a_private_sheet_asks_what_the_book_asks(made):
    front, back = texts(made)[:2]
    groups = {question.group for question in TABLES.questions}
    areas = [area for area in TABLES.areas.values() if area.choosable]
    touches = [key for key, touch in TABLES.techniques.items() if touch.on]

    for said in words_of(
        *("forms.free_question", "forms.easy_question", "forms.free_help", "forms.adult_question"),
        *(f"health.groups.{key}" for key in groups),
        *(f"health.lines.{key}" for key in groups),
        *(f"choices.intentions.{key}" for key in TABLES.intentions),
        "health.actions.urgent",
    ):
        assert said in front
    for said in words_of(
        *(f"areas.names.{area.key}" for area in areas),
        *(f"techniques.{key}.line" for key in touches),
        *(f"aftercare.{key}" for key in TABLES.aftercare),
    ):
        assert said in back
    assert len(areas) > 15
    assert texts(made)[2:4] == [front, back]


def test_a_closed_place_is_not_in_the_list(made):
    closed = [area.key for area in TABLES.areas.values() if not area.choosable]

    assert len(closed) > 5
    for key in closed:
        assert SAY(f"areas.names.{key}") not in texts(made)[1]


def test_the_cards_say_every_row_of_their_tables(made):
    together, hands_on, strokes, _steps, oils, help_page, numbers = texts(made)[4:]
    guidance = load_guidance()
    expected = {
        together: [
            *(f"consent.{row.id}" for row in guidance.consent),
            *(f"choices.make_ready.{key}" for key in TABLES.make_ready),
            *(f"choices.silent_signals.{key}" for key in TABLES.silent_signals
              if key != cards.NEEDS_PAD),
            "forms.signals_meaning",
        ],
        hands_on: [f"reactions.{row.id}.{what}" for row in TABLES.reactions
                   for what in ("notice", "line")],
        strokes: [f"strokes.{key}.{what}" for key in cards.STROKES
                  for what in ("name", "hands", "move", "rhythm", "not_here")],
        oils: [f"patch_test.{row.id}" for row in guidance.patch_test],
        help_page: [f"help.{row.id}" for row in guidance.help],
    }  # fmt: skip

    for page, keys in expected.items():
        for key in keys:
            assert plain(SAY(key)) in page, key
    for country in RESOURCES.countries:
        assert f"{SAY(f'resources.countries.{country.id}')} {country.emergency}" in numbers
    for line in RESOURCES.helplines:
        assert line.number in numbers


def test_products_that_are_never_offered_stand_on_no_card(made):
    oils = texts(made)[8]

    for key, oil in TABLES.oils.items():
        assert (SAY(f"oils.names.{key}") in oils) is oil.offered


def test_the_numbers_of_one_country_stand_on_the_page_about_help():
    country = next(each for each in RESOURCES.countries if each.police)
    page = text(booklet.make_paper(SAY, RESOURCES, "a4", country), -1)

    assert f"{SAY('resources.police')}: {country.police}" in page
    assert SAY("paper.help") in page
    for line in RESOURCES.helplines:
        assert (line.number in page) is (line.country == country.id) or len(line.number) < 4


def test_places_that_somebody_added_stand_under_help():
    place = HelpPlace(name="The clinic at Łódź", help=(), phone="0000 000 000", note="Mondays")
    made = booklet.make_paper(SAY, replace(RESOURCES, places=(place,) * 40), "a4")

    assert "The clinic at Łódź 0000 000 000 Mondays" in text(made, 9)
    assert len(read(made).pages) > PAGES  # what does not fit goes on


def test_letters_that_no_typeface_has_are_refused_by_name():
    place = HelpPlace(name="相談", help=(), phone="0000")

    with pytest.raises(InvalidInput) as refused:
        booklet.make_paper(SAY, replace(RESOURCES, places=(place,)), "a4")

    assert "相" in refused.value.facts["why"]


def test_every_typeface_is_inside(made):
    fonts = [
        font.get_object()
        for page in read(made).pages
        for font in page["/Resources"]["/Font"].values()
    ]

    assert len(fonts) >= PAGES
    assert all("/FontFile2" in font["/FontDescriptor"].get_object() for font in fonts)


def test_a_screen_reader_finds_titles_lists_tables_and_pictures(made):
    found = elements(made)
    roles = [element["/S"] for element in found]
    pictures = [element for element in found if element["/S"] == "/Figure"]

    assert read(made).trailer["/Root"]["/MarkInfo"] == {"/Marked": True}
    assert read(made).trailer["/Root"]["/Lang"] == "en"
    assert roles.count("/H1") == PAGES - 2  # the second side of a private sheet goes on
    assert {"/H2", "/P", "/L", "/LI", "/LBody", "/Table", "/TR", "/TH", "/TD"} <= set(roles)
    assert len(pictures) == 2 + len(cards.STROKES) + len(cards.plan_example(TABLES).steps)
    assert all(picture["/Alt"] for picture in pictures)


def test_everything_drawn_belongs_to_the_structure_or_to_decoration(made):
    document = read(made)
    parents = document.trailer["/Root"]["/StructTreeRoot"]["/ParentTree"]["/Nums"]
    for number, page in enumerate(document.pages):
        code = page.get_contents().get_data().decode("latin-1")
        marks = code.count("/MCID")

        assert page["/StructParents"] == parents[2 * number] == number
        assert marks == len(parents[2 * number + 1].get_object())
        assert code.count("BDC") + code.count("/Artifact BMC") == code.count("EMC")
        inside = False
        for line in code.splitlines():
            if line.endswith(("BDC", "BMC")):
                inside = True
            elif line == "EMC":
                inside = False
            elif line.endswith((" Tj", " S", " f", " B")):
                assert inside, line


def test_paper_is_blank_and_the_same_every_time(made):
    again = booklet.make_paper(SAY, RESOURCES, "a4")

    assert again == made
    assert read(made).metadata["/Author"] == "Attune"
    assert str(read(made).metadata["/CreationDate"]).startswith("D:2000")


def test_what_only_the_guide_does_is_on_the_screen_and_not_on_paper(made):
    guides = [SAY(key) for row in TABLES.reactions if (key := f"reactions.{row.id}.guide") in SAY]
    shown = [each["line"] for each in describe_reactions(SAY, TABLES)]
    printed = " ".join(texts(made))

    assert len(guides) == 2
    for guide in guides:
        assert any(line.endswith(guide) for line in shown)
        assert plain(guide) not in printed
