"""Run everything on one machine: web, worker and scheduler. What `make run` ends in."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from config.demonstration import accounts_table
from config.processes import Processes, is_free


class Command(BaseCommand):
    help = (
        "Starts the web server, a Celery worker and the scheduler, prints the address when it "
        "answers, and stops all of them on Ctrl-C. HOST and PORT choose where it listens."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        host, port = settings.HOST, settings.PORT
        if not is_free(host, port):
            raise CommandError(
                f"Port {port} is taken by another program. "
                f"Stop that program, or choose another port: PORT={port + 80} make run"
            )
        with Processes() as processes:
            processes.start("web", *web_command(host, port))
            processes.start("worker", *worker_command())
            processes.wait_until_it_answers(f"http://{reach(host)}:{port}/health/")
            self.stdout.write(f"\n  The product answers at  {settings.PUBLIC_ADDRESS}\n")
            if not settings.PRODUCTION:
                self.stdout.write(accounts_table())
            self.stdout.write("  Ctrl-C stops it.\n")
            self.stdout.flush()
            processes.wait()


def reach(host: str) -> str:
    return "127.0.0.1" if host in {"0.0.0.0", "::", ""} else host  # noqa: S104


def web_command(host: str, port: int) -> list[str]:
    return [
        "granian",
        "--interface=wsgi",
        f"--host={host}",
        f"--port={port}",
        f"--workers={settings.WEB_WORKERS}",
        f"--blocking-threads={settings.WEB_THREADS}",
        "--respawn-failed-workers",
        "--log-level=warning",
        "config.wsgi:application",
    ]


def worker_command() -> list[str]:
    """Worker and scheduler in one process: with the broker in the file system one is enough."""
    return [
        "celery",
        "--quiet",
        "--app=config",
        "worker",
        "--beat",
        "--pool=prefork",
        f"--concurrency={settings.WORKER_PROCESSES}",
        "--without-gossip",
        "--without-mingle",
        "--without-heartbeat",
        "--loglevel=WARNING",
    ]
