"""Builds the page of ``wordsight explore`` from explorer/ into the package; the same sources give the same bytes.

    python tools/build_explorer.py [--check]

Needs Node and npm. Installs exactly the packages of explorer/package-lock.json, bundles them with esbuild and writes
their licences beside the page. ``--check`` writes nothing, and fails where the shipped page is
not what the sources make.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).parent.parent
SOURCE = ROOT / "explorer"
PAGE = ROOT / "src/wordsight/explore/page"
AS_THEY_ARE = ("index.html", "icon.svg")
MOST_BYTES = 1_000_000
HEAD = """The explorer's page contains the following packages, each under its licence, and in regl-line the vertex
shader of three-line-2d, Copyright (c) 2015 Matt DesLauriers, under the MIT licence as below.
"""


def build() -> dict[str, bytes]:
    """The files of the page by name.

    Raises:
        SystemExit: Node or npm is missing, a package has no licence, or the page is too large.
    """
    install()
    with tempfile.TemporaryDirectory() as folder:
        output = Path(folder)
        bundle = ["--bundle", "--minify", "--charset=utf8", "--target=es2022", "--legal-comments=none"]
        entries = ["src/main.js", "css/app.css"]
        run(esbuild(), *entries, *bundle, "--format=esm", f"--outdir={output}")
        files = {"app.js": (output / "src/main.js").read_bytes(), "app.css": (output / "css/app.css").read_bytes()}
    files |= {name: (SOURCE / name).read_bytes() for name in AS_THEY_ARE}
    files["LICENSES.txt"] = licences(packages()).encode()
    if (size := sum(map(len, files.values()))) > MOST_BYTES:
        raise SystemExit(f"The page has {size:,} bytes; at most {MOST_BYTES:,} may be shipped.")
    return files


def install() -> None:
    """Installs the locked packages, unless they are there; none of them may run a script of its own."""
    lock, installed = SOURCE / "package-lock.json", SOURCE / "node_modules/.package-lock.json"
    if not installed.exists() or installed.stat().st_mtime < lock.stat().st_mtime:
        run("npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund")


def esbuild() -> str:
    """Esbuild's program for this machine."""
    return str(SOURCE / "node_modules/.bin/esbuild")


def run(*command: str) -> None:
    """Runs a program in explorer/, quietly unless it fails."""
    try:
        done = subprocess.run(command, cwd=SOURCE, capture_output=True, text=True, check=False)
    except FileNotFoundError:
        raise SystemExit(f"{command[0]} is missing: install Node 20 or newer, which brings npm.") from None
    if done.returncode:
        raise SystemExit(done.stdout + done.stderr)


def packages() -> list[Path]:
    """Folders of all packages whose code is in the bundle, also of those that others have copied."""
    locked = json.loads((SOURCE / "package-lock.json").read_text())["packages"]
    return [SOURCE / name for name, package in sorted(locked.items()) if name and not package.get("dev")]


def licences(folders: list[Path]) -> str:
    """Name, version and licence text of each bundled package.

    Raises:
        SystemExit: a package has no licence file.
    """
    parts = [HEAD]
    for folder in folders:
        about = json.loads((folder / "package.json").read_text())
        texts = sorted(folder.glob("LICEN[SC]E*"))
        if not texts:
            raise SystemExit(f"{about['name']} has no licence file; it must not be bundled.")
        text = "\n".join(line.rstrip() for line in texts[0].read_text().strip().splitlines())
        parts.append(f"{'-' * 100}\n{about['name']} {about['version']}, {about['license']}\n\n{text}\n")
    return "\n".join(parts)


def differing(files: dict[str, bytes]) -> list[str]:
    """Names of the files that are not shipped as the sources make them."""
    shipped = {path.name: path.read_bytes() for path in PAGE.iterdir()} if PAGE.is_dir() else {}
    return sorted(name for name in files.keys() | shipped.keys() if files.get(name) != shipped.get(name))


def main(check: bool) -> None:
    """Writes the page, or says which of its files are stale."""
    files = build()
    if check:
        if stale := differing(files):
            raise SystemExit(f"Stale: {', '.join(stale)}. Run tools/build_explorer.py and commit the page.")
        return
    PAGE.mkdir(parents=True, exist_ok=True)
    for name in differing(files):
        if name in files:
            (PAGE / name).write_bytes(files[name])
        else:
            (PAGE / name).unlink()
    print(f"{PAGE.relative_to(ROOT)}: {sum(map(len, files.values())):,} bytes")


if __name__ == "__main__":
    main("--check" in sys.argv[1:])
