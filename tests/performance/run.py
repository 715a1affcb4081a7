"""Run every measurement and write build/bench.json: `make bench`.

Each module beside this one has ``measure(...) -> list[dict]``: name, ratio, target, samples. A
ratio is the product's time over that of the bare work in the same run, so that it means the same on
any machine. ``passed`` is whether it keeps to its target, which the ratio may not exceed, or with
``"at_most": False`` not fall short of.
Each module runs in a process of its own, on a fresh PostgreSQL and Redis.
"""

from __future__ import annotations

import argparse
import importlib
import importlib.util
import inspect
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent.parent
MODULES = ("request_list", "letters", "reminders", "matrix")
SERVER = {"shared_buffers": "512MB", "work_mem": "32MB", "max_wal_size": "4GB"}
SECONDS_EACH = 600


def one(module: str, quick: bool, out: Path) -> None:
    """Inside the process of one module: set Django up, make the tables, measure."""
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    measure = importlib.import_module(f"tests.performance.{module}").measure
    offered = {"quick": quick, "database_url": os.environ["DATABASE_URL"]}
    takes = inspect.signature(measure).parameters
    results = measure(**{name: value for name, value in offered.items() if name in takes})
    out.write_text(json.dumps([judged(result) for result in results], default=str))


def judged(result: dict[str, Any]) -> dict[str, Any]:
    """A result with ``passed``, where its module has not said so itself."""
    result = dict(result)
    if "passed" not in result:
        ratio, target = float(result["ratio"]), float(result["target"])
        result["passed"] = ratio <= target if result.get("at_most", True) else ratio >= target
    return result


def in_its_own_process(module: str, quick: bool, place: Path) -> list[dict[str, Any]]:
    from tests.servers import postgresql_server, redis_server

    out = place / f"{module}.json"
    with postgresql_server(SERVER) as database, redis_server() as redis:
        settings = {
            "DATABASE_URL": database,
            "REDIS_URL": redis,
            "VAR_DIR": str(place / module),
            "DJANGO_SETTINGS_MODULE": "config.settings",
        }
        command = [
            sys.executable,
            "-m",
            "tests.performance.run",
            "--one",
            module,
            "--out",
            str(out),
        ]
        done = subprocess.run(
            [*command, *(["--quick"] if quick else [])],
            cwd=ROOT,
            env={**os.environ, **settings},
            timeout=SECONDS_EACH,
            check=False,
        )
    if done.returncode or not out.exists():
        why = f"ended with code {done.returncode}; see the output above"
        return [{"name": module, "ratio": None, "target": None, "passed": False, "error": why}]
    return json.loads(out.read_text())


def table(results: list[dict[str, Any]]) -> str:
    width = max(len(result["name"]) for result in results)
    lines = [f"{'measure':<{width}}  {'ratio':>8}  {'target':>10}  result"]
    for result in results:
        ratio = "-" if result["ratio"] is None else f"{float(result['ratio']):.2f}"
        sign = "at most" if result.get("at_most", True) else "at least"
        target = "" if result["target"] is None else f"{sign} {float(result['target']):g}"
        verdict = "passed" if result["passed"] else "FAILED"
        lines.append(f"{result['name']:<{width}}  {ratio:>8}  {target:>13}  {verdict}")
    return "\n".join(lines)


def main() -> int:
    options = argparse.ArgumentParser(description="Measures the product against the bare work.")
    options.add_argument("modules", nargs="*", default=None, help=f"of: {', '.join(MODULES)}")
    options.add_argument("--quick", action="store_true", help="less data, for a first look")
    options.add_argument("--one", help=argparse.SUPPRESS)
    options.add_argument("--out", type=Path, help=argparse.SUPPRESS)
    given = options.parse_args()
    if given.one:
        one(given.one, given.quick, given.out)
        return 0
    started = time.monotonic()
    results: list[dict[str, Any]] = []
    with tempfile.TemporaryDirectory(prefix="mla-bench-") as place:
        for module in given.modules or MODULES:
            if importlib.util.find_spec(f"tests.performance.{module}") is None:
                print(f"{module}: not there", flush=True)
                continue
            print(f"measuring {module} …", flush=True)
            results += in_its_own_process(module, given.quick, Path(place))
    if not results:
        print("nothing was measured")
        return 1
    report = ROOT / "build" / "bench.json"
    report.parent.mkdir(exist_ok=True)
    report.write_text(json.dumps(results, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    print(
        f"\n{table(results)}\n\nwritten to build/bench.json in {time.monotonic() - started:.0f} s"
    )
    return 0 if all(result["passed"] for result in results) else 1


if __name__ == "__main__":
    sys.exit(main())
