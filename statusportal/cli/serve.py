"""`statusportal serve`: migrate, then web, live, ingest (MQTT too), jobs and connections in one process."""

import fcntl
import gc
import importlib
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click
import structlog
from flask import Flask
from gunicorn.app.base import BaseApplication
from sqlalchemy import make_url

from statusportal.cli.logs import set_up_logs
from statusportal.cli.patience import PatientWorker
from statusportal.config import Settings, load_settings
from statusportal.db.engine import open_engine, powers_beyond_walls
from statusportal.ingest.connections import ConnectionRunner
from statusportal.ingest.follow import follow_once
from statusportal.ingest.mqtt.listener import MqttListener
from statusportal.ingest.mqtt.opening import listen_for_mqtt, tls_for_mqtt
from statusportal.jobs.lease import Lease
from statusportal.jobs.runner import start_jobs
from statusportal.migrations.upgrade import upgrade
from statusportal.work import Works

log = structlog.get_logger()

# Connections that wait for their headers, or are kept alive, hold no thread.
_KEEP_ALIVE_BUDGET = 4
_DRAIN_S = 10
_CONNECTIONS_STOP_S = 4.0
_MQTT_STOP_S = 4.0


class Server(BaseApplication):  # type: ignore[misc]  # gunicorn publishes no types
    """gunicorn with one patient worker of threads: SQLite's calls and blocking libraries are at home there."""

    def __init__(self, settings: Settings, mqtt: Callable[[Works], MqttListener] | None = None) -> None:
        """Take how the MQTT listener is made, where there is one: its port is open already, its threads are not."""
        self.settings = settings
        self._mqtt = mqtt
        super().__init__()

    def load_config(self) -> None:
        """Set what serve promises: one process, bounded draining, no control socket."""
        threads = self.settings.threads
        options: dict[str, Any] = {
            "bind": f"{self.settings.host}:{self.settings.port}",
            "workers": 1,
            "worker_class": PatientWorker,
            "threads": threads,
            "worker_connections": threads * _KEEP_ALIVE_BUDGET,
            "timeout": 120,
            "graceful_timeout": _DRAIN_S,
            "control_socket_disable": True,
            "proc_name": "statusportal",
            "errorlog": "-",
            "loglevel": "warning",
            "when_ready": self._say_ready,
            "worker_exit": lambda _server, _worker: self._stop(),
        }
        for name, value in options.items():
            self.cfg.set(name, value)
        self._stops: tuple[Callable[[], None], ...] = ()

    def load(self) -> Flask:
        """Make the app in the worker, where its threads live."""
        # By name: the factory stands above the commands, so they cannot import it.
        factory = importlib.import_module("statusportal.app")
        works = factory.make_works(self.settings)
        app: Flask = factory.create_app(self.settings, works)
        # All that stands now stays: out of the collector's sight, it no longer stops a request for a fifth of a second.
        gc.collect()
        gc.freeze()
        sources = [_start_connections(works), *([_start_mqtt(self._mqtt(works))] if self._mqtt else [])]
        self._stops = (*sources, start_jobs(works, follow_once))
        return app

    def _stop(self) -> None:
        """Let the sources go first, so that what they brought last is still followed."""
        for stop in self._stops:
            stop()

    def _say_ready(self, _server: object) -> None:
        click.echo(f"Status Portal answers on http://{self.settings.host}:{self.settings.port}")
        if self._mqtt:
            scheme = "mqtts" if self.settings.mqtt_certificate_file else "mqtt"
            click.echo(f"Machines publish to {scheme}://{self.settings.host}:{self.settings.mqtt_port}")


def _start_connections(works: Works) -> Callable[[], None]:
    """Run the connections in this process while it holds their lease; return what stops them."""
    lease = Lease(works, "connections")
    runner = ConnectionRunner(works, lease.hold)
    runner.start()

    def stop() -> None:
        runner.stop(_CONNECTIONS_STOP_S)
        lease.release()

    return stop


def _start_mqtt(listener: MqttListener) -> Callable[[], None]:
    listener.start()
    return lambda: listener.stop(_MQTT_STOP_S)


def _open_mqtt(settings: Settings) -> Callable[[Works], MqttListener] | None:
    """Open the MQTT port, so that one that is taken stops the start with a sentence; None without a port."""
    if not settings.mqtt_port:
        return None
    try:
        tls, listening = tls_for_mqtt(settings), listen_for_mqtt(settings)
    except OSError as err:
        click.echo(f"MQTT cannot be served on {settings.host}:{settings.mqtt_port}: {err}", err=True)
        sys.exit(1)
    return lambda works: MqttListener(works, listening, tls)


@click.command()
@click.option("--host", help="Address to listen on. Default: the setting `host`, 127.0.0.1.")
@click.option("--port", type=click.IntRange(1, 65535), help="Port to listen on. Default: the setting `port`, 8000.")
def serve(host: str | None, port: int | None) -> None:
    """Serve pages, API, live channel, ingest, jobs and connections in one process. SIGTERM drains."""
    given = {name: value for name, value in (("host", host), ("port", port)) if value is not None}
    settings = load_settings(os.environ, **given)
    set_up_logs(settings.log_level)
    lock = take_folder(settings)
    mqtt = _open_mqtt(settings)
    upgrade(settings)
    warn_of_strong_role(settings)
    Server(settings, mqtt).run()
    lock.close()


def warn_of_strong_role(settings: Settings) -> None:
    """Say it aloud when the app's role stands above the database's walls: then the code's own checks stand alone."""
    engine = open_engine(settings.database_url)
    powers = powers_beyond_walls(engine)
    engine.dispose()
    if powers:
        log.warning("database.role_too_strong", powers=powers, see="docs/operations/postgresql.md")


def take_folder(settings: Settings) -> Any:  # noqa: ANN401 - an open file, whose class is private
    """Hold the data folder for this process, since two portals on one SQLite file would each run the jobs.

    Shape: the open lock file; the lock goes with the process, however it ends.
    """
    path = Path(settings.instance_dir) / "serve.lock"
    lock = path.open("w", encoding="ascii")
    if make_url(settings.database_url).get_backend_name() != "sqlite":
        return lock
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        click.echo(f"Another Status Portal serves from {settings.instance_dir} already.", err=True)
        sys.exit(1)
    return lock
