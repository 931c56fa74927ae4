"""The workflows of the forge agree with pyproject.toml and the Makefile, and may do no more than they must."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
WORKFLOWS = {path.stem: yaml.safe_load(path.read_text()) for path in (ROOT / ".github/workflows").glob("*.yml")}


def steps(workflow: dict[str, Any]) -> list[dict[str, Any]]:
    """All steps of all jobs."""
    return [step for job in workflow["jobs"].values() for step in job.get("steps", ())]


def test_there_are_these() -> None:
    assert set(WORKFLOWS) == {"tests", "newest", "release"}


def test_every_promised_python_is_tested() -> None:
    prefix = "Programming Language :: Python :: "
    promised = [name.removeprefix(prefix) for name in PROJECT["classifiers"] if name.startswith(prefix)]
    matrix = WORKFLOWS["tests"]["jobs"]["tests"]["strategy"]["matrix"]
    assert matrix["python"] == promised and PROJECT["requires-python"] == f">={promised[0]}"
    systems = {system.partition("-")[0] for system in matrix["os"]}
    assert systems | {extra["os"].partition("-")[0] for extra in matrix["include"]} == {"ubuntu", "macos", "windows"}


@pytest.mark.parametrize("name", sorted(WORKFLOWS))
def test_least_rights_and_fixed_actions(name: str) -> None:
    assert WORKFLOWS[name]["permissions"] == {"contents": "read"}
    for job in WORKFLOWS[name]["jobs"].values():
        assert job.get("permissions", {"id-token": "write"}) == {"id-token": "write"}
    for step in steps(WORKFLOWS[name]):
        assert re.fullmatch(r"[\w-]+/[\w-]+@(v|release/v)\d+", step.get("uses", "actions/none@v1"))


def test_only_publishing_may_prove_who_it_is_and_only_after_the_tests() -> None:
    jobs = WORKFLOWS["release"]["jobs"]
    assert [name for name, job in jobs.items() if "permissions" in job] == ["publish"]
    assert set(jobs["publish"]["needs"]) == {"tests", "smoke"}
    assert "secrets" not in (ROOT / ".github/workflows/release.yml").read_text()


def test_what_is_made_is_a_target() -> None:
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(), flags=re.M))
    called = [step["run"] for workflow in WORKFLOWS.values() for step in steps(workflow) if "run" in step]
    called += (ROOT / ".ci/run").read_text().splitlines()
    made = {command.removeprefix("make ") for command in called if command.startswith("make ")}
    assert made == {"lint", "coverage", "check", "site"} and made <= targets
