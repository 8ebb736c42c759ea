"""JSON from elsewhere, read strictly: what is odd in any way is refused whole."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any, NoReturn

from workbook.domain.errors import InvalidInput

MAX_DEPTH = 32
"""Lists and objects within each other; ours have eight."""


def read_json(body: bytes, field: str) -> Any:
    """Return what ``body`` says.

    Args:
        body: JSON in UTF-8.
        field: what it is called in an error.

    Raises:
        InvalidInput: if it is not valid JSON, or has duplicate keys, NaN or Infinity,
            over-long numbers, lone surrogates, or nesting deeper than ``MAX_DEPTH``.

    """

    def refuse(what: str) -> NoReturn:
        raise InvalidInput(field=field, why=what)

    def once(pairs: Iterable[tuple[str, Any]]) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for key, value in pairs:
            if key in found:
                refuse("it names one thing twice")
            found[key] = value
        return found

    try:
        text = body.decode("utf-8")
        found = json.loads(
            text,
            object_pairs_hook=once,
            parse_constant=lambda _: refuse("it has a number that is none"),
        )
        json.dumps(found, ensure_ascii=False, allow_nan=False).encode("utf-8")
    except UnicodeError:
        refuse("it has letters that are none")
    except json.JSONDecodeError as error:
        refuse(f"it is not JSON ({error.msg.lower()} at line {error.lineno})")
    except RecursionError:
        refuse("it is nested too deep")
    except ValueError:  # a number of thousands of digits, or 1e999
        refuse("it has a number that is too long")
    if _is_deeper(found, MAX_DEPTH):
        refuse("it is nested too deep")
    return found


def _is_deeper(value: object, left: int) -> bool:
    if isinstance(value, dict):
        return left == 0 or any(_is_deeper(each, left - 1) for each in value.values())
    if isinstance(value, list):
        return left == 0 or any(_is_deeper(each, left - 1) for each in value)
    return False
