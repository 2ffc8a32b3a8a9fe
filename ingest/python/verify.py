#!/usr/bin/env python3
"""Makes a virtual environment and checks the package in it: ruff, mypy, pytest.

    python3 ingest/python/verify.py [--requirements NAME] [--prepare-only] [-- pytest arguments]

The environment stands below ingest/target/python and is made anew when a requirement changes.
NAME is a file of the folder requirements; without it debian-torch where this machine's python3
has torch, else plain.
"""

import argparse
import hashlib
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
TARGET = HERE.parent / "target" / "python"
# Lists of requirements that name every package.
COMPLETE = ["vllm"]
SOURCES = ["src", "tests", "examples", "benchmarks", "verify.py"]


def main():
    arguments = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    arguments.add_argument("--requirements")
    arguments.add_argument("--prepare-only", action="store_true")
    arguments.add_argument("pytest", nargs="*")
    options = arguments.parse_args()
    if sys.version_info < (3, 10):  # noqa: UP036 - says so, where older ones are
        sys.exit(f"Python 3.10 or later expected, found {sys.version.split()[0]}")
    base, requirements = chosen(options.requirements)
    python = environment(base, requirements)
    if options.prepare_only:
        return
    sources = [name for name in SOURCES if (HERE / name).exists()]
    run("ruff check", python, "-m", "ruff", "check", "--no-cache", *sources)
    run("ruff format", python, "-m", "ruff", "format", "--no-cache", "--check", *sources)
    run("mypy", python, "-m", "mypy", "--cache-dir", str(TARGET / "mypy"))
    run("pytest", python, "-m", "pytest", "-p", "no:cacheprovider", "-q", *options.pytest)


def chosen(name):
    """The interpreter to begin from, and the requirements that go with it."""
    if name is None or name == "debian-torch":
        for candidate in (sys.executable, "/usr/bin/python3"):
            if has_torch(candidate):
                return candidate, HERE / "requirements" / "debian-torch.txt"
        if name is not None:
            sys.exit("no torch for python3; on Debian: apt-get install python3-torch")
        print("python: no torch on this machine, its tests are skipped", flush=True)
        name = "plain"
    return sys.executable, HERE / "requirements" / f"{name}.txt"


def has_torch(python):
    test = (
        "import sys, torch; sys.exit(sys.version_info < (3, 10) or torch.__version__[:2] != '1.')"
    )
    try:
        return subprocess.run([python, "-c", test], capture_output=True).returncode == 0
    except OSError:
        return False


def environment(base, requirements):
    """The interpreter of an environment that has the requirements."""
    folder = TARGET / "venv"
    python = folder / "bin" / "python"
    files = [requirements, HERE / "requirements" / "base.txt"]
    version = subprocess.check_output([base, "--version"])
    content = b"\0".join([base.encode(), version, *(f.read_bytes() for f in files)])
    stamp = hashlib.sha256(content).hexdigest()
    stamp_file = TARGET / "stamp"
    if stamp_file.exists() and stamp_file.read_text() == stamp and python.exists():
        return python
    began = time.monotonic()
    shutil.rmtree(folder, ignore_errors=True)
    TARGET.mkdir(parents=True, exist_ok=True)
    site = ["--system-site-packages"] if requirements.stem == "debian-torch" else []
    made = subprocess.run([base, "-m", "venv", *site, str(folder)], capture_output=True, text=True)
    if made.returncode != 0:
        sys.exit(
            f"{base} -m venv failed; on Debian: apt-get install python3-venv\n"
            + made.stdout
            + made.stderr
        )
    resolved = ["--no-deps"] if requirements.stem in COMPLETE else ["--prefer-binary"]
    run("pip", python, "-m", "pip", "install", "-q", *resolved, "-r", str(requirements))
    stamp_file.write_text(stamp)
    seconds = time.monotonic() - began
    print(f"python: {requirements.stem} installed in {seconds:.0f} s", flush=True)
    return python


def run(what, *command):
    environ = {
        **os.environ,
        "PYTHONPATH": os.pathsep.join([str(HERE / "src"), str(HERE / "tests")]),
        "PYTHONDONTWRITEBYTECODE": "1",
        # The machine's cores belong to the other tests too.
        "OMP_NUM_THREADS": "1",
        "HF_HUB_OFFLINE": "1",
        "ORT_DISABLE_TELEMETRY": "1",
        "PIP_DISABLE_PIP_VERSION_CHECK": "1",
    }
    print(f"python: {what}", flush=True)
    result = subprocess.run([str(part) for part in command], cwd=HERE, env=environ)
    if result.returncode != 0:
        sys.exit(f"python: {what} failed; repeat with: python3 ingest/python/verify.py")


if __name__ == "__main__":
    main()
