"""Names of the package: a class name exists once, and names that said nothing stay away."""

from __future__ import annotations

import ast
import io
import re
import tokenize
from collections import defaultdict
from pathlib import Path

ROOT = Path(__file__).parents[1]
PACKAGE = sorted((ROOT / "workbook").rglob("*.py"))
TREES = {path.relative_to(ROOT): ast.parse(path.read_text(encoding="utf-8")) for path in PACKAGE}

OLD_CLASSES = {
    *("Tick", "Birth", "Part", "Bell", "Ear", "Idle", "Desk", "Asked", "Reading", "Lane"),
    *("Claim", "Door", "Ask", "Opened", "RestingForm", "BlankKernels", "ForOneDevice"),
    *("Streams", "Anybody", "Nowhere", "Alive", "FreeYesForm", "Tonight"),
}
OLD_FUNCTIONS = {
    *("tightens", "fingerprint", "foresee", "with_other_forms", "drop_the_dead", "print_of"),
    *("bearable", "needed", "needed_to_read", "felt_firmer", "load_births"),
    *("take", "news", "tell", "past", "follow", "leads", "pads", "padded", "elsewhere", "over"),
    *("guarded", "hand_over", "wear", "at_most", "on_map", "play"),
}
OLD_CONSTANTS = {"SELDOM", "OFTEN", "WAITS", "BEAT", "GONE", "LEAST", "MOST"}
"""Names of another kind than the ones above: a method or a field may be called so."""

MAX_ANY = 28
"""Uses of ``Any`` in ``workbook/ui`` and ``workbook/app`` together; lower it when one goes."""


def defined(*kinds):
    """Where each class or function of the package is defined, at any depth."""
    found = defaultdict(list)
    for path, tree in TREES.items():
        for node in ast.walk(tree):
            if isinstance(node, kinds):
                found[node.name].append(str(path))
    return found


def constants():
    """Where each constant of a module is defined."""
    found = defaultdict(list)
    for path, tree in TREES.items():
        for node in tree.body:
            targets = node.targets if isinstance(node, ast.Assign) else []
            targets = [node.target] if isinstance(node, ast.AnnAssign) else targets
            for target in targets:
                if isinstance(target, ast.Name):
                    found[target.id].append(str(path))
    return found


def test_a_class_name_exists_once():
    public = {
        name: paths for name, paths in defined(ast.ClassDef).items() if not name.startswith("_")
    }

    assert {name: paths for name, paths in public.items() if len(paths) > 1} == {}


def test_no_old_name_comes_back():
    functions = defined(ast.FunctionDef, ast.AsyncFunctionDef)

    assert OLD_CLASSES & defined(ast.ClassDef).keys() == set()
    assert OLD_FUNCTIONS & functions.keys() == set()
    assert OLD_CONSTANTS & constants().keys() == set()


PLAIN = ("domain", "rules", "content", "store", "ui", "app")
"""Packages whose comments and docstrings are in plain engineering English."""
MANNERED = re.compile(r"\b(lanes?|ear|glass|told|heard|whoever|nobody's)\b", re.IGNORECASE)


def prose_of(path):
    """Comments, and strings that are statements, without what is quoted as code."""
    text = (ROOT / path).read_text(encoding="utf-8")
    tokens = tokenize.generate_tokens(io.StringIO(text).readline)
    found = [token.string for token in tokens if token.type == tokenize.COMMENT]
    found += [
        str(node.value.value)
        for node in ast.walk(TREES[path])
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    ]
    return re.sub(r"``.*?``", "", "\n".join(found), flags=re.DOTALL)


def test_docstrings_and_comments_are_plain():
    found = {
        f"{path.as_posix()}: {word[0].lower()}"
        for path in TREES
        if path.parts[1] in PLAIN
        for word in MANNERED.finditer(prose_of(path))
    }

    assert found == set()


def test_forms_and_app_say_their_types():
    layers = [path for path in PACKAGE if {"ui", "app"} & set(path.relative_to(ROOT).parts)]

    uses = sum(len(re.findall(r"\bAny\b", path.read_text(encoding="utf-8"))) for path in layers)
    assert len(layers) > 60
    assert uses <= MAX_ANY


def test_the_glossary_names_classes_where_they_stand():
    lines = (ROOT / "docs" / "glossary.md").read_text(encoding="utf-8").splitlines()
    rows = [line.split("|")[3:5] for line in lines if line.startswith("|") and "`workbook/" in line]
    assert len(rows) > 20
    where = defined(ast.ClassDef)

    for classes, module in rows:
        for name in re.findall(r"`(\w+)`", classes):
            assert module.strip().strip("`") in where[name], name
