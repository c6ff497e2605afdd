"""A PostgreSQL server on the loopback interface, for as long as the tests run: Debian's package, no settings of it."""

from __future__ import annotations

import atexit
import functools
import itertools
import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from pathlib import Path

import psycopg

from tests.programs import missing, run

_numbers = itertools.count(1)


def new_database() -> str:
    """Return the URL of an empty database."""
    port, name = _server(), f"store{next(_numbers)}"
    with psycopg.connect(host="127.0.0.1", port=port, user="postgres", dbname="postgres", autocommit=True) as server:
        server.execute(f"CREATE DATABASE {name}")
    return f"postgresql://postgres@127.0.0.1:{port}/{name}"


@functools.cache
def _server() -> int:
    """Start the server, once in a process; return its port."""
    folders = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    programs = folders[-1].parent if folders else missing("postgresql")
    folder = Path(tempfile.mkdtemp(prefix="ozgdoc-postgresql-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    user = []
    if os.geteuid() == 0:  # the server refuses to run as root
        owner = pwd.getpwnam("postgres")
        os.chown(folder, owner.pw_uid, owner.pw_gid)
        user = ["setpriv", f"--reuid={owner.pw_uid}", f"--regid={owner.pw_gid}", "--clear-groups"]
    data = folder / "data"
    run(
        [*user, programs / "initdb", "-U", "postgres", "-A", "trust", "-E", "UTF8", "--no-sync", "-D", data], cwd=folder
    )
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = int(free.getsockname()[1])
    settings = {"listen_addresses": "127.0.0.1", "port": port, "unix_socket_directories": "", "fsync": "off"}
    options = [word for name, value in settings.items() for word in ("-c", f"{name}={value}")]
    with (folder / "log").open("wb") as log:
        server = subprocess.Popen(
            [*user, programs / "postgres", "-D", data, *options], cwd=folder, stdout=subprocess.DEVNULL, stderr=log
        )
    atexit.register(_stop, server)
    until = time.monotonic() + 30
    while True:
        try:
            psycopg.connect(host="127.0.0.1", port=port, user="postgres", dbname="postgres").close()
        except psycopg.OperationalError:
            said = (folder / "log").read_text()
            assert server.poll() is None, said
            assert time.monotonic() < until, said
            time.sleep(0.05)
        else:
            return port


def _stop(server: subprocess.Popen[bytes]) -> None:
    server.send_signal(signal.SIGINT)  # "fast": whoever is connected is sent away
    try:
        server.wait(5)
    except subprocess.TimeoutExpired:
        server.kill()
        server.wait()
