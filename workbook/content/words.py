"""The short strings of one language, loaded once; no sentence stands in Python."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

from workbook.content.editions import Edition
from workbook.content.guidance import load_resources
from workbook.content.language import Language, read_language
from workbook.content.rows import CONTENT_FOLDER, read_toml
from workbook.content.strokes import list_stroke_keys
from workbook.content.tables import CHOICE_LISTS, load_tables
from workbook.domain.areas import Side
from workbook.domain.errors import InvalidTable, NotFound, WorkbookError
from workbook.domain.guidance import Guidance, Resources, Strength, When
from workbook.domain.health import Action
from workbook.domain.levels import Level
from workbook.domain.plan import Plan, Step
from workbook.domain.products import Verdict
from workbook.domain.tables import MaterialTopic, Tables
from workbook.domain.techniques import Coverage, Pace, Position
from workbook.domain.text import isolate_text
from workbook.rules.areas import area_of
from workbook.rules.strokes import GIVER_PLACES, LIMBS
from workbook.rules.turns import QUIET_REST

MOST_WORDS = 14
"""Words of the sentence of a step at most."""

WHOLE_BACK = {"shoulder_tops", "shoulder_blades", "mid_back", "low_back"}
"""Areas that have one name together."""

CONTEXT_COLUMNS = ("purpose", "place", "limits", "serves", "stop", "not")
"""Columns that compare three kinds of massage, in order."""


class Words:
    """Strings by dotted key; the first part is the file: ``words("areas.names.calves")``."""

    def __init__(
        self, strings: Mapping[str, Any], language: Language | None = None, **always: object
    ) -> None:
        self._strings, self._always = strings, always
        self.language = language or Language()

    def __call__(self, key: str, /, **values: object) -> str:
        """Return the string at ``key`` with ``values`` put in; ``{emergency}`` is always known.

        A table with a form for each plural has the name of its number under ``by``.

        Raises:
            NotFound: if there is no such string, or it needs a value that was not given.

        """
        found = self._at(key)
        if _has_plurals(found):
            number = values.get(found["by"])
            if not isinstance(number, int | float):
                raise NotFound(name=f"{key} {found['by']}")
            found = self.language.choose_plural(found, number)
        if not isinstance(found, str):
            raise NotFound(name=key)
        try:
            put_in = {
                name: isolate_text(value) if isinstance(value, str) else value
                for name, value in values.items()
            }
            return found.format(**{**self._always, **put_in})
        except (KeyError, IndexError) as error:
            raise NotFound(name=f"{key} {error.args[0]}") from error

    def __contains__(self, key: object) -> bool:
        """Whether there is a string at ``key``, or one for each plural."""
        try:
            found = self._at(key) if isinstance(key, str) else None
            return isinstance(found, str) or _has_plurals(found)
        except NotFound:
            return False

    def table(self, key: str, /) -> Mapping[str, str]:
        """Return the strings of one table, without the tables inside it.

        Of a string with a form for each plural it has the form for many.

        Raises:
            NotFound: if there is no such table.

        """
        found = self._at(key)
        if not isinstance(found, Mapping):
            raise NotFound(name=key)
        many = {k: each["other"] for k, each in found.items() if _has_plurals(each)}
        return MappingProxyType({k: t for k, t in found.items() if isinstance(t, str)} | many)

    def list_cells(self, edition: Edition, /) -> Mapping[str, Mapping[str, str]]:
        """Return the prose that an edition has of its own, by id of the cell, by chapter."""
        cells = self._strings.get(edition, {}).get("cells", {})
        return {chapter: self.table(f"{edition}.cells.{chapter}") for chapter in cells}

    def error(self, error: WorkbookError, /) -> str:
        """Return the sentence of an error: of its class, or of the nearest one above it."""
        facts = {"field": error.facts.get("file", ""), **error.facts}
        for kind in type(error).__mro__:
            if (key := f"errors.{kind.__name__}") in self:
                return self(key, **facts)
        return self("errors.Unexpected")

    def with_resources(self, resources: Resources) -> Words:
        """Return these strings with the emergency numbers of other resources.

        Raises:
            InvalidTable: if a country has no name; ``facts["row"]``.

        """
        for country in resources.countries:
            if f"resources.countries.{country.id}" not in self:
                raise InvalidTable(
                    file="resources.toml", row=country.id, why="this country has no name"
                )
        emergency = _emergency_sentence(self, resources)
        return Words(self._strings, self.language, emergency=emergency)

    def _at(self, key: str) -> Any:
        found: Any = self._strings
        for part in key.split("."):
            if not isinstance(found, Mapping) or part not in found:
                raise NotFound(name=key)
            found = found[part]
        return found


def _has_plurals(found: object) -> bool:
    """Whether what stands at a key is a string with a form for each plural."""
    return isinstance(found, Mapping) and "by" in found and "other" in found


def load_words(
    language: str = "en", folder: Path = CONTENT_FOLDER, edition: Edition = Edition.HOME
) -> Words:
    """Return the strings of one language, read once.

    Args:
        language: name of its folder.
        folder: the content folder.
        edition: whose words replace those at home.

    Raises:
        NotFound: if there is no such language; ``facts["name"]``.
        InvalidTable: if a row of a table has no words, or a file is no table of strings.

    """
    return _load_language(language, folder, edition)


@cache
def _load_language(language: str, folder: Path, edition: Edition) -> Words:
    if language not in {path.name for path in folder.iterdir() if path.is_dir()}:
        raise NotFound(name=language)
    files = sorted((folder / language).glob("*.toml"))
    if not files:
        raise NotFound(name=language)
    strings = {}
    for path in files:
        strings[path.stem] = read_toml(path)
        for key, text in _list_leaves(strings[path.stem]):
            if not isinstance(text, str) or not text.strip():
                raise InvalidTable(file=f"{language}/{path.name}", row=key, why="not a string")
    if edition is not Edition.HOME and edition not in strings:
        raise InvalidTable(file=f"{language}/{edition}.toml", row="", why="no words for it")
    for each in Edition:
        own = _with_edition(strings, each, language)
        strings = own if each is edition else strings
    grammar = read_language(folder, language)
    resources = load_resources(folder)
    emergency = _emergency_sentence(Words(strings, grammar), resources)
    said = Words(strings, grammar, emergency=emergency)
    countries = [f"resources.countries.{country.id}" for country in resources.countries]
    for key in (*countries, *list_needed_keys(load_tables(folder))):
        if key not in said:
            file, _, row = key.partition(".")
            raise InvalidTable(file=f"{language}/{file}.toml", row=row, why="no words for it")
    return said


def _with_edition(strings: dict[str, Any], edition: Edition, language: str) -> dict[str, Any]:
    """Return ``strings`` with those that the edition says otherwise.

    Raises:
        InvalidTable: if it replaces a string that is not there.

    """
    replaced = dict(strings)
    for name, table in strings.get(edition, {}).get("words", {}).items():
        for key in table:
            if not isinstance(strings.get(name, {}).get(key), str):
                file = f"{language}/{edition}.toml"
                raise InvalidTable(file=file, row=f"words.{name}.{key}", why="replaces no string")
        replaced[name] = {**strings[name], **table}
    return replaced


def _emergency_sentence(say: Words, resources: Resources) -> str:
    """The number to call; of several, each with where it holds."""
    if len(resources.emergency) == 1:
        return say("resources.the_number", number=resources.emergency[0].number)
    each = [
        say("resources.number_in", number=one.number, where=one.where)
        for one in resources.emergency
    ]
    return say("resources.local_number", numbers=say.language.join_names(each))


def _list_leaves(table: Mapping[str, Any], under: str = "") -> Iterator[tuple[str, Any]]:
    for key, value in table.items():
        if isinstance(value, Mapping):
            yield from _list_leaves(value, f"{under}{key}.")
        else:
            yield f"{under}{key}", value


def error_sentence(
    error: WorkbookError, language: str = "en", folder: Path = CONTENT_FOLDER
) -> str:
    """Return the sentence of an error, also of one that keeps the other words from loading."""
    return Words({"errors": read_toml(folder / language / "errors.toml")}).error(error)


def list_needed_keys(tables: Tables) -> Iterator[str]:
    """Yield the key of every string that the tables, the scales and the errors need."""
    for area in tables.areas.values():
        yield f"areas.names.{area.key}"
        yield f"areas.why.{area.key}"
        yield f"areas.regions.{area.region}"
        yield from (f"areas.parts.{part.replace('.', '_')}" for part in area.parts)
    for level in Level:
        yield from (f"levels.{level.name.lower()}.{what}" for what in ("name", "anchor"))
    yield from (f"health.{what}" for what in ("partner", "general", "tell_partner", "tonight"))
    yield from (f"health.actions.{action.name.lower()}" for action in Action)
    yield from (f"health.rows.{row.id}" for row in tables.health)
    for question in tables.questions:
        yield from (f"health.{what}.{question.group}" for what in ("groups", "lines"))
        yield f"health.questions.{question.key}"
        yield from (f"health.statements.{statement.key}" for statement in question.statements)
    for oil in tables.oils.values():
        yield from (f"oils.{what}.{oil.id}" for what in ("names", "notes"))
        yield from (f"oils.allergens.{key}" for key in oil.allergens)
    yield from (f"oils.verdicts.{verdict}" for verdict in Verdict)
    for code in tables.techniques:
        yield from (f"techniques.{code}.{what}" for what in ("name", "line"))
        yield from (f"steps.elsewhere.{code}.{what}" for what in ("title", "sentence"))
    yield from list_stroke_keys(tables)
    for step in tables.steps:
        yield from (f"steps.{step.key}.{what}" for what in ("title", "sentence"))
    yield from (f"steps.places.{place}" for place in GIVER_PLACES)
    yield from (f"aftercare.{key}" for key in tables.aftercare)
    for prompt in tables.prompts.values():
        yield from (f"prompts.{prompt.id}.{key}" for key in ("question", *prompt.answers))
    for name in CHOICE_LISTS:
        yield from (f"choices.{name}.{key}" for key in getattr(tables, name))
    yield from (f"choices.room.{key}" for key in tables.candle)
    yield from (f"choices.settled.{key}" for key in (*tables.intentions, QUIET_REST))
    for rule in tables.essential:
        yield f"essential_oils.{rule.id}"
        yield from (f"essential_oils.names.{oil}" for oil in rule.oils)
        yield from (f"essential_oils.circumstances.{key}" for key in rule.circumstances)
    for reaction in tables.reactions:
        yield from (f"reactions.{reaction.id}.{what}" for what in ("notice", "line"))
    for file, keys in (("positions", Position), ("pace", Pace), ("coverage", Coverage)):
        yield from (f"{file}.{key.value}" for key in keys)
    yield from (f"positions.short.{key.value}" for key in Position)
    yield from (f"errors.{error.__name__}" for error in _list_error_classes(WorkbookError))


def list_guidance_keys(guidance: Guidance) -> Iterator[str]:
    """Yield the key of every string that the tables people read need, beyond those of the rules."""
    plain = ("consent", "patch_test", "help", "gates", "settings", "question_counts", "materials")
    yield from (f"{topic}.{row.id}" for topic in plain for row in guidance.provenance[topic])
    for level in guidance.levels:
        yield from (f"levels.{level.key}.{what}" for what in ("name", "anchor"))
    yield from (f"materials.topics.{topic}" for topic in MaterialTopic)
    for pair in guidance.do_dont:
        yield from (f"do_dont.{pair.id}.{what}" for what in ("do", "dont"))
    yield from (f"do_dont.when.{when}" for when in When)
    yield from (f"ways.{way.id}.title" for way in guidance.ways)
    yield from (f"contexts.columns.{column}" for column in CONTEXT_COLUMNS)
    for context in guidance.contexts:
        yield from (f"contexts.{context.id}.{what}" for what in ("name", *CONTEXT_COLUMNS))
    for myth in guidance.myths:
        yield from (f"myths.{myth.id}.{what}" for what in ("said", "why"))
    for finding in guidance.evidence:
        yield from (f"evidence.{finding.id}.{what}" for what in ("question", "found"))
    yield from (f"evidence.strength.{strength}" for strength in Strength)


def _list_error_classes(root: type[WorkbookError]) -> Iterator[type[WorkbookError]]:
    yield root
    for child in root.__subclasses__():
        if child.__module__ == root.__module__:
            yield from _list_error_classes(child)


# What a place, a level and a step are called


def name_part(say: Words, part: str) -> str:
    """Return the name of one part of an area, such as ``"calves.left"``."""
    return say(f"areas.parts.{part.replace('.', '_')}")


def name_level(say: Words, level: Level) -> str:
    """Return the name of a level of pressure."""
    return say(f"levels.{level.name.lower()}.name")


def name_places(say: Words, tables: Tables, parts: Iterable[str]) -> str:
    """Return the names of ``parts`` in one line; both sides of an area are one name."""
    named = set(parts)
    names = []
    for area in tables.areas.values():
        here = [part for part in area.parts if part in named]
        if len(here) == len(area.parts):
            names.append(say(f"areas.names.{area.key}"))
        else:
            names += [name_part(say, part) for part in here]
    return say.language.join_names(names)


def step_title(say: Words, tables: Tables, step: Step) -> str:
    """Return the title of a step; off the back, or made softer, it is the name of the touch."""
    return say(f"{_step_table(say, tables, step)}.title")


def step_sentence(say: Words, tables: Tables, plan: Plan, step: Step) -> str:
    """Return the one sentence of a step, naming its own places and no other.

    The stroke decides first, then the touch, then the position; where the names are long,
    it is a briefer one.
    """
    table = _step_table(say, tables, step)
    is_limb = {tables.areas[area_of(part)].region for part in step.parts} <= LIMBS
    wanted = [f"{table}.{{}}_{step.stroke}", f"{table}.{{}}_{step.technique}"]
    if f"steps.how.{step.stroke}.sentence" in say:
        ends = ("_limb", "") if is_limb else ("",)
        wanted[1:1] = [f"steps.how.{step.stroke}.{{}}{end}" for end in ends]
    wanted += [f"{table}.{{}}_{plan.position}", f"{table}.{{}}"]
    values = {
        "area": name_in_sentence(say, tables, step.parts),
        "count": name_count(say, step.passes),
        "down": _name_side_down(say, plan, step),
    }
    said = ""
    for what in ("sentence", "brief"):
        key = next((key for each in wanted if (key := each.format(what)) in say), None)
        if key is not None and (not said or len(said.split()) > MOST_WORDS):
            said = say(key, **values)
    return said


def name_in_sentence(say: Words, tables: Tables, parts: Iterable[str]) -> str:
    """Return the names of ``parts``, as short as can be; several of one side have it in front."""
    named = tuple(parts)
    keys = dict.fromkeys(area_of(part) for part in named)
    sided = {part for part in named if "." in part}
    sides = {part.partition(".")[2] for part in sided}
    end = f"_{next(iter(sides))}" if len(sides) == 1 else ""
    if set(keys) == WHOLE_BACK and len(sided) == len(keys) * len(sides):
        return say(f"steps.named.whole_back{end}")
    if end and len({area_of(part) for part in sided}) > 1:
        whole = (part for key in keys for part in tables.areas[key].parts)
        names = name_places(say, tables, whole)
        return say(f"steps.named.{end[1:]}", names=say.language.lower_name(names))
    return name_places(say, tables, named)


def name_count(say: Words, passes: int) -> str:
    """Return how often as a word; what is not counted is slow."""
    counts = say.table("steps.counts")
    return counts["few"] if passes < 2 else counts.get(str(passes), str(passes))


def _name_side_down(say: Words, plan: Plan, step: Step) -> str:
    """The side that the receiver lies on from this step on; the other one is worked on."""
    after = plan.steps[plan.steps.index(step) :] if step in plan.steps else (step,)
    up = next((each.side for each in after if each.side in (Side.LEFT, Side.RIGHT)), Side.RIGHT)
    return say(f"steps.named.side_{'right' if up is Side.LEFT else 'left'}")


def giver_place(say: Words, step: Step) -> str:
    """Return where the giver is during a step; blank in plans that were kept before."""
    return say(f"steps.places.{step.giver}") if step.giver else ""


def _step_table(say: Words, tables: Tables, step: Step) -> str:
    """Where the words of a step stand: its own, unless its touch is not that of its row."""
    row = next((row for row in tables.steps if row.key == step.key), None)
    own = f"steps.{step.key}"
    is_own = row is not None and (
        step.technique == row.techniques[0] or f"{own}.sentence_{step.technique}" in say
    )
    return own if is_own else f"steps.elsewhere.{step.technique}"
