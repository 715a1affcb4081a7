"""Run the whole suite, on SQLite and on PostgreSQL, with a real Redis and a real browser.

Each database has two runs: everything that may run side by side, by two processes; then, one at a
time, what starts processes of its own or drives a browser. The exit code is 0 only when every run
passed and ran something. Words after ``--`` go to pytest, for example ``-- -k letters``.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from tests.servers import postgresql_server, redis_server  # noqa: E402

ALONE = "browser or slow"
NOTHING_COLLECTED = 5


def run(name: str, arguments: list[str], settings: dict[str, str]) -> tuple[str, int, str]:
    """One run of pytest. Gives its name, exit code and last line."""
    print(f"\n=== {name} ===", flush=True)
    command = [sys.executable, "-m", "pytest", "--color=no", "-q", *arguments]
    lines: list[str] = []
    with subprocess.Popen(
        command, cwd=ROOT, env={**os.environ, **settings}, stdout=subprocess.PIPE, text=True
    ) as process:
        for line in process.stdout or ():
            print(line, end="", flush=True)
            if line.strip():
                lines.append(line.strip())
    return name, process.returncode, lines[-1].strip("= ") if lines else "no output"


def main() -> int:
    more = sys.argv[sys.argv.index("--") + 1 :] if "--" in sys.argv else []
    started = time.monotonic()
    results = []
    with redis_server() as redis, postgresql_server() as database:
        engines = {
            "SQLite": {"REDIS_TEST_URL": redis, "POSTGRESQL_TEST_URL": database},
            "PostgreSQL": {
                "REDIS_TEST_URL": redis,
                "POSTGRESQL_TEST_URL": database,
                "DATABASE_URL": database,
            },
        }
        for engine, settings in engines.items():
            together = ["-n", "2", "--dist", "loadfile", "-m", f"not ({ALONE})", *more]
            results.append(run(f"{engine}, side by side", together, settings))
            results.append(run(f"{engine}, one at a time", ["-m", ALONE, *more], settings))
    print(f"\nSummary ({time.monotonic() - started:.0f} s)")
    for name, code, last in results:
        print(f"  {name:<26} {'passed' if code == 0 else f'FAILED ({code})':<12} {last}")
    # A selection of one's own may leave a run without tests; the whole suite never does.
    fine = {0, NOTHING_COLLECTED} if more else {0}
    ran = any(code == 0 for _name, code, _last in results)
    return 0 if ran and all(code in fine for _name, code, _last in results) else 1


if __name__ == "__main__":
    sys.exit(main())
