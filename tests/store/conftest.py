"""One real encrypted vault, set up once at low cost and copied for each test."""

import hashlib
import shutil
from datetime import date, datetime

import pytest

from workbook.domain.seats import Colour, People, Person, Seat, Shape
from workbook.store import evenings, records, vault
from workbook.store.keyring import Cost

LOW = Cost(ops=1, mem=8192)
PEOPLE = People(
    Person(Seat.A, "Kim", Colour.CLAY, Shape.CIRCLE),
    Person(Seat.B, "Robin", Colour.SAGE, Shape.SQUARE),
)
WORDS = {Seat.A: "hazel lantern mitten", Seat.B: "river pepper window"}
NIGHT = datetime(2026, 5, 3, 21, 30)


class Home:
    """A folder with a vault in it, and what opens it."""

    low, people, words, night = LOW, PEOPLE, WORDS, NIGHT

    def __init__(self, folder, codes):
        self.folder = folder
        self.codes = codes

    @property
    def file(self):
        return self.folder / "vault.db"

    @property
    def keyring(self):
        return self.folder / "keyring.json"

    @property
    def copy(self):
        return self.folder / "keyring.json.bak"

    def unlock(self, seat=Seat.A, **more):
        return vault.unlock(self.folder, self.words[seat], clock=lambda: NIGHT, **more)

    def hashes(self):
        return {
            path.name: hashlib.sha256(path.read_bytes()).hexdigest()
            for path in self.folder.iterdir()
        }

    def content(self):
        return b"".join(path.read_bytes() for path in self.folder.iterdir())


@pytest.fixture(scope="session")
def _template(tmp_path_factory):
    folder = tmp_path_factory.mktemp("template") / "vault"
    return folder, vault.create(folder, PEOPLE, WORDS, cost=LOW, clock=lambda: NIGHT)


@pytest.fixture
def home(_template, tmp_path):
    made, codes = _template
    folder = tmp_path / "ours % ü #?"
    shutil.copytree(made, folder)
    return Home(folder, codes)


@pytest.fixture
def kim(home):
    with home.unlock(Seat.A) as lane:
        yield lane


@pytest.fixture
def robin(home):
    with home.unlock(Seat.B) as lane:
        yield lane


@pytest.fixture
def tonight(kim):
    return evenings.begin_evening(kim, date(2026, 5, 3), NIGHT)


@pytest.fixture(autouse=True)
def any_key(monkeypatch):
    """Tests of the store use keys of their own, which no table has."""
    monkeypatch.setattr(records, "find_unknown", lambda *_: None)
