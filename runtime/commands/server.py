"""`serve`, `worker`, `sandbox` and `run`: the processes of an installation."""

from __future__ import annotations

import errno
import logging
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from urllib.parse import urlsplit

import click
import requests
from redis import RedisError

from definitions.reader import LIBRARY, read
from definitions.wording import say
from plugins import sandbox as outside
from runtime.commands.database import at_work, demand_keys, opened
from runtime.commands.starter import as_starter, end_with_starter
from runtime.installation import moment
from runtime.publishing import NotPublishable, publish_all
from runtime.settings import ROOT, Settings, from_environment
from runtime.staffing import meet_staff
from runtime.store.actor import SYSTEM
from runtime.worker import LONGEST_NAP, THREADS, Worker, make_queue, waker

WAIT = 20


@click.command()
def serve() -> None:
    """Serve the pages at YIBIAO_HOST and YIBIAO_PORT.

    YIBIAO_WORKERS processes answer. The tables have to be there: see `db migrate`.
    """
    from granian import Granian
    from granian.constants import Interfaces

    end_with_starter()
    settings = from_environment()
    _demand_free(settings.host, settings.port)
    with opened(keys=True):
        pass
    os.environ.update(as_starter())
    Granian(
        "app:create_app",
        address=settings.host,
        port=settings.port,
        interface=Interfaces.WSGI,
        factory=True,
        workers=settings.workers,
        blocking_threads=1,
        working_dir=ROOT,
        respawn_failed_workers=True,
        log_access=False,
    ).serve()


@click.command()
def worker() -> None:
    """Deliver what applications send, and run what is due on a schedule.

    Calls to outside systems, bills, results and messages go out; running applications are told the
    time; expired drafts are erased and histories verified.
    """
    end_with_starter()
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(name)s %(message)s")
    logging.getLogger("huey").setLevel(logging.WARNING)  # it tells of each look at an empty ledger
    settings = from_environment()
    with at_work(settings) as installation:
        working = Worker(installation)
        queue = make_queue(settings, working)
        try:
            # a worker that was killed has left its lock behind
            consumer = queue.create_consumer(
                workers=THREADS, max_delay=LONGEST_NAP, flush_locks=True
            )
        except RedisError as error:
            raise click.ClickException(f"no queue at REDIS_URL: {error}") from error
        working.tick()
        waker(settings)()
        consumer.run()


@click.command()
def sandbox() -> None:
    """Run the outside world for trying.

    Two licence offices, an identity provider, the systems of tax, utilities, registers and the
    bank, and a page with everybody in it, on ports from 8100.
    """
    end_with_starter()
    try:
        outside.run(from_environment().data / "sandbox", say=click.echo)
    except (outside.SandboxFailed, OSError) as error:
        raise click.ClickException(str(error)) from error


@click.command()
def run() -> None:
    """Run everything on this machine.

    Prepares the database, makes the library live, and starts pages, worker and sandbox.
    """
    settings = from_environment()
    addresses = {"serve": f"http://{settings.host}:{settings.port}"}
    _demand_free(settings.host, settings.port)
    if settings.sandbox:
        addresses["sandbox"] = outside.addresses()["control"]
        for address in outside.addresses().values():
            parts = urlsplit(address)
            _demand_free(str(parts.hostname), parts.port or 0)
    prepare(settings)
    with ExitStack() as stack:
        started = {
            command: stack.enter_context(_process(command, settings))
            for command in (*addresses, "worker")
        }
        for command, address in addresses.items():
            _wait_for(started[command], command, address, settings)
        click.echo(welcome(settings))
        _until_told(started, settings)


def _until_told(started: Mapping[str, subprocess.Popen[bytes]], settings: Settings) -> None:
    """Until SIGINT or SIGTERM.

    Raises:
        click.ClickException: one of the processes has ended by itself.
    """
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    while not stop.wait(0.5):
        for command, process in started.items():
            if process.poll() is not None and not stop.is_set():
                raise click.ClickException(f"{command} has ended: {_last_words(command, settings)}")


def prepare(settings: Settings) -> None:
    """Bring the tables up to date, make the library's services live, and know who works where.

    Raises:
        click.ClickException: the library has problems; says which.
    """
    with opened(ready=False) as store:
        for name in store.migrate(moment()):
            click.echo(f"migrated: {name}")
        demand_keys(store)
        try:
            reason = "the library that ships"
            for one in publish_all(store, read([LIBRARY]), SYSTEM, reason, moment()):
                if one.new:
                    click.echo(f"published: {one.service} {one.release[:12]}")
        except NotPublishable as error:
            lines = [f"  {one.where}: {say(one, 'zh-CN')}" for one in error.problems]
            raise click.ClickException("\n".join([str(error), *lines])) from error
    with at_work(settings) as installation:
        met = meet_staff(installation, moment())
        if met:
            click.echo(f"staff: {met}")


def welcome(settings: Settings) -> str:
    """Where to open the product and as whom to sign in."""
    lines = ["", f"  一表 Yibiao    {settings.public_url}", ""]
    if settings.sandbox:
        lines += [
            "  登录时选择“沙盒人物” Sign in as a sandbox persona, for example:",
            "    陈海珊  餐饮店经营者   restaurant owner     开办餐饮店一件事",
            "    周建国  房屋出卖人     selling a home       二手房转移登记",
            "    李晓雯  房屋买受人     buying it",
            "    黄文杰  注销企业       closing an enterprise",
            "    梁振邦  建设单位       connecting utilities",
            f"  沙盒总览 the outside world   {outside.addresses()['control']}",
            "",
        ]
    lines.append(f"  日志 logs   {settings.data / 'logs'}")
    return "\n".join([*lines, "  Ctrl-C 停止 stops everything", ""])


@contextmanager
def _process(command: str, settings: Settings) -> Iterator[subprocess.Popen[bytes]]:
    """One of our own commands as a process; what it says goes to its log."""
    logs = settings.data / "logs"
    logs.mkdir(parents=True, exist_ok=True)
    with (logs / f"{command}.log").open("ab") as log:
        process = subprocess.Popen(  # noqa: S603 - our own command
            [sys.executable, str(ROOT / "app.py"), command],
            cwd=ROOT,
            env=as_starter(),
            stdout=log,
            stderr=log,
        )
    try:
        yield process
    finally:
        process.terminate()
        try:
            process.wait(WAIT)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _demand_free(host: str, port: int) -> None:
    """Raises click.ClickException when nobody can listen there, or somebody does already."""
    try:
        family, kind, _, _, place = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind) as tried:
            tried.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            tried.bind(place)
    except OSError as error:
        if error.errno != errno.EADDRINUSE:
            text = f"can't listen at {host}:{port}: {error.strerror}"
        elif port in outside.PORTS.values():
            text = f"{host}:{port} is taken, which the sandbox needs: stop what listens there"
        else:
            text = f"{host}:{port} is taken: stop what listens there, or choose another YIBIAO_PORT"
        raise click.ClickException(text) from error


def _wait_for(
    process: subprocess.Popen[bytes], command: str, address: str, settings: Settings
) -> None:
    """Until the process answers at its address.

    Raises:
        click.ClickException: it ended or says nothing; names its log and the last line in it.
    """
    for _ in range(WAIT * 10):
        if process.poll() is not None:
            break
        with suppress(requests.ConnectionError):
            requests.get(f"{address}/health", timeout=2)
            return
        time.sleep(0.1)
    raise click.ClickException(
        f"{command} does not answer at {address}: {_last_words(command, settings)}"
    )


def _last_words(command: str, settings: Settings) -> str:
    """The last line of a process's log, and where the log is."""
    log = settings.data / "logs" / f"{command}.log"
    said = log.read_text(encoding="utf-8", errors="replace").strip().splitlines()
    return f"{said[-1] if said else ''} (see {log})"
