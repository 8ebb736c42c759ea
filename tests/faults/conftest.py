"""A vault for the faults of the store: set up at low cost, and asked whether it is whole."""

import pytest

from workbook.domain.seats import Colour, People, Person, Seat, Shape
from workbook.store import vault
from workbook.store.keyring import Cost

WORDS = {Seat.A: "hazel lantern mitten", Seat.B: "river pepper window"}
PEOPLE = People(
    Person(Seat.A, "Kim", Colour.CLAY, Shape.CIRCLE),
    Person(Seat.B, "Robin", Colour.SAGE, Shape.SQUARE),
)


@pytest.fixture
def vault_folder(tmp_path):
    folder = tmp_path / "vault"
    vault.create(folder, PEOPLE, WORDS, cost=Cost(ops=1, mem=8192))
    return folder


@pytest.fixture
def words():
    return WORDS[Seat.A]
