"""The whole run: what is committed is what the spec gives, everywhere, and nothing half-written ever stands there."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from ocpi_codegen.__main__ import GIREVE, ROOT, SPEC, main
from ocpi_codegen.emit import stage
from ocpi_codegen.publish import NotOurs, compare, replace, unified_diff

GENERATED = ROOT / "generated" / "ocpi211"

OVERLAY = """\
overlay: 1.1.0
info: {title: ACME's extensions, version: "1"}
x-ocpi-origin: ACME
actions:
  - target: $.components.schemas.EVSE.properties
    update:
      acme_score:
        type: integer
        minimum: 0
        maximum: 5
        description: How drivers rate the EVSE.
  - target: $.components.schemas.Capability.enum
    update: [ACME_COFFEE]
  - target: $.components.schemas.Capability['x-ocpi-values']
    update: {ACME_COFFEE: It makes coffee.}
"""


def _run(*arguments: str, cwd: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "ocpi_codegen", *arguments],
        cwd=cwd,
        env={**os.environ, "PYTHONPATH": str(ROOT / "generator"), "PYTHONDONTWRITEBYTECODE": "1", **environment},
        capture_output=True,
        text=True,
        check=False,
    )


def test_what_is_committed_is_what_the_spec_gives(tmp_path: Path) -> None:
    _, new = stage(SPEC, [GIREVE], "ocpi211", tmp_path)
    changes = compare(new, GENERATED)
    assert not changes.any, unified_diff(new, GENERATED, changes)[:4000]


@pytest.mark.parametrize(
    "environment",
    [
        {"PYTHONHASHSEED": "1", "LC_ALL": "C", "TZ": "Asia/Tokyo"},
        {"PYTHONHASHSEED": "4242", "LC_ALL": "C.UTF-8", "TZ": "America/New_York", "PYTHONUTF8": "0"},
    ],
)
def test_the_bytes_depend_on_nothing_but_the_spec(tmp_path: Path, environment: dict[str, str]) -> None:
    """A hostile configuration in the working folder does not change them either."""
    (tmp_path / "pyproject.toml").write_text(
        "[tool.ruff]\nline-length = 40\nindent-width = 2\n[tool.datamodel-codegen]\nclass-name-prefix = 'X'\n"
    )
    done = _run("--out", "here", cwd=tmp_path, **environment)
    assert done.returncode == 0, done.stderr
    assert not compare(tmp_path / "here" / "ocpi211", GENERATED).any


def test_the_bytes_do_not_depend_on_the_folder(tmp_path: Path) -> None:
    elsewhere = tmp_path / "a folder with blanks"
    for room in ("spec", "generator"):
        shutil.copytree(ROOT / room, elsewhere / room, ignore=shutil.ignore_patterns("__pycache__"))
    done = _run(cwd=elsewhere, PYTHONPATH=str(elsewhere / "generator"))
    assert done.returncode == 0, done.stderr
    assert not compare(elsewhere / "generated" / "ocpi211", GENERATED).any


def test_a_run_says_what_it_did(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--out", str(tmp_path)]) == 0
    first = capsys.readouterr().out
    assert "9 modules, " in first
    assert "49 operations" in first
    assert "files added: " in first
    assert main(["--out", str(tmp_path)]) == 0
    assert "no file changed" in capsys.readouterr().out


def test_check_prints_the_difference_and_writes_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--out", str(tmp_path)]) == 0
    stale, edited = tmp_path / "ocpi211" / "models" / "stale.py", tmp_path / "ocpi211" / "models" / "tokens.py"
    stale.write_text("# Written by ocpi_codegen\n")
    edited.write_text(edited.read_text().replace("class Token(", "class Tokem("))
    before = {path: path.read_bytes() for path in tmp_path.rglob("*.py")}
    capsys.readouterr()
    assert main(["--check", "--out", str(tmp_path)]) == 1
    out = capsys.readouterr().out
    assert "-class Tokem(OcpiModel):\n+class Token(OcpiModel):" in out
    assert "--- a/models/stale.py" in out
    assert {path: path.read_bytes() for path in tmp_path.rglob("*.py")} == before


def test_stale_files_are_removed(tmp_path: Path) -> None:
    assert main(["--out", str(tmp_path)]) == 0
    stale = tmp_path / "ocpi211" / "client" / "bookings.py"
    stale.write_text("# Written by ocpi_codegen\n")
    assert main(["--out", str(tmp_path)]) == 0
    assert not stale.exists()
    assert [path.name for path in tmp_path.iterdir()] == ["ocpi211"]


def test_a_folder_with_somebodys_work_is_left_alone(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "acme_ocpi").mkdir()
    (tmp_path / "acme_ocpi" / "billing.py").write_text("invoice = 1\n")
    assert main(["--package", "acme_ocpi", "--out", str(tmp_path)]) == 2
    assert "acme_ocpi holds files that were not generated: billing.py" in capsys.readouterr().err
    assert [path.name for path in (tmp_path / "acme_ocpi").iterdir()] == ["billing.py"]


def test_a_broken_overlay_leaves_the_package_as_it_was(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--out", str(tmp_path)]) == 0
    before = {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    broken = tmp_path / "broken.yaml"
    broken.write_text(OVERLAY.replace("schemas.EVSE.", "schemas.EVSEE."))
    assert main(["--overlay", str(broken), "--out", str(tmp_path)]) == 2
    assert "broken.yaml:5:" in capsys.readouterr().err
    assert {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file() and path != broken} == before


def test_a_failed_replacement_puts_the_old_package_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    new, target = tmp_path / "new", tmp_path / "out" / "package"
    for folder, text in ((new, "new"), (target, "old")):
        folder.mkdir(parents=True)
        (folder / "module.py").write_text(f"# Written by ocpi_codegen\n{text} = 1\n")
    rename = os.rename

    def fail_on_publish(source: Path, destination: Path) -> None:
        if Path(source).name == "new":
            raise OSError("disk full")
        rename(source, destination)

    monkeypatch.setattr(os, "rename", fail_on_publish)
    with pytest.raises(OSError, match="disk full"):
        replace(new, target)
    assert "old = 1" in (target / "module.py").read_text()
    assert [path.name for path in target.parent.iterdir()] == ["package"]


def test_replace_refuses_what_is_not_ours(tmp_path: Path) -> None:
    (tmp_path / "new").mkdir()
    (tmp_path / "old").mkdir()
    (tmp_path / "old" / "notes.txt").write_text("mine")
    with pytest.raises(NotOurs, match=r"notes\.txt"):
        replace(tmp_path / "new", tmp_path / "old")


@pytest.mark.parametrize("name", ["2fast", "a-b", "ocpi211_runtime", "class "])
def test_a_package_name_must_be_one(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stop:
        main(["--package", name])
    assert stop.value.code == 2
    assert "is no name for a package of yours" in capsys.readouterr().err


@pytest.fixture(scope="module")
def acme(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A partner's package, with an overlay on top of GIREVE's."""
    folder = tmp_path_factory.mktemp("acme")
    (folder / "acme.yaml").write_text(OVERLAY)
    done = _run("--overlay", "acme.yaml", "--package", "acme_ocpi", "--out", "src", cwd=folder)
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("acme_ocpi: OCPI 2.1.1 + GIREVE, ACME\n")
    return folder / "src"


def test_an_overlay_of_ones_own_gives_a_package_of_ones_own(acme: Path) -> None:
    """It works beside `ocpi211`, on the same runtime, and imports nothing of it."""
    code = """
import sys
from acme_ocpi.models import EVSE, Capability, StartSession
from acme_ocpi import client, operations, routes, strategies
assert "ocpi211" not in sys.modules
assert Capability.ACME_COFFEE.known
assert "authorization_id" in StartSession.model_fields
assert EVSE.model_fields["acme_score"].is_required() is False
"""
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", code],
        env={**os.environ, "PYTHONPATH": os.pathsep.join([str(acme), str(ROOT / "generator")])},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr


def test_what_an_overlay_adds_says_so(acme: Path) -> None:
    text = (acme / "acme_ocpi" / "models" / "locations.py").read_text()
    assert '"""ACME: How drivers rate the EVSE."""' in text
    assert '"""ACME: It makes coffee."""' in text


def test_every_file_says_where_it_comes_from(acme: Path) -> None:
    for path in acme.rglob("*.py"):
        assert path.read_text().startswith("# Written by ocpi_codegen from the spec (OCPI 2.1.1, GIREVE, ACME)."), path
    assert not shutil.which("ocpi_codegen")  # it is run as a module, from a checkout
