"""The files for hosting name what is there; test_hub.py runs the one for one computer."""

from __future__ import annotations

import re
from pathlib import Path

import yaml

ROOT = Path(__file__).parents[1]
DEPLOY = ROOT / "deploy"


def test_the_container_is_built_from_files_that_are_there() -> None:
    said = (DEPLOY / "Dockerfile").read_text("utf-8")

    assert "Not run here" in said
    named = re.findall(r"/src/(\S+)", said)
    assert named == ["requirements-app.txt"]
    assert all((ROOT / name).exists() for name in named)
    assert "jupyterlab==" not in (ROOT / named[0]).read_text("utf-8")
    assert 'CMD ["workbook", "hub"]' in said


def test_the_values_of_the_chart_start_the_same_command_as_the_example() -> None:
    text = (DEPLOY / "values.yaml").read_text("utf-8")
    values = yaml.safe_load(text)
    example = (DEPLOY / "jupyterhub_config.py").read_text("utf-8")

    assert "Not run here" in text
    assert values["singleuser"]["cmd"] == ["workbook", "hub"]
    assert '"workbook", "hub"]' in example
    assert values["hub"]["config"]["JupyterHub"]["public_url"].startswith("https://")
    assert values["cull"]["enabled"]
    for name, settings in values["hub"]["config"].items():
        for key in settings:  # what is set for many is set for one computer as well
            assert f"c.{name}.{key} = " in example
