"""The server: one port, its doors (AWS calls, APIs, pools' domains, discovery, control), and what puts all together."""

from __future__ import annotations

import asyncio
import contextlib
import errno
import secrets
import socket
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Literal

import uvicorn

from localcloud import control, discovery, housekeeping, outbox
from localcloud.access import credentials
from localcloud.access.refusals import Decisions
from localcloud.aws import http_api, own_types
from localcloud.aws.sent_mail import SentMail
from localcloud.clock import Clock
from localcloud.context import Cloud, Context, Setting
from localcloud.federation import models as federation
from localcloud.federation.fetch import fetch
from localcloud.identitypool import models as identitypool
from localcloud.import_log import ImportLog
from localcloud.managed_login import models as managed_login
from localcloud.managed_login.door import Door
from localcloud.managed_login.request import PREFIX as LOGIN_PREFIX
from localcloud.options import Options
from localcloud.pipeline import Pipeline
from localcloud.seal import Sealer
from localcloud.stack_host import StackHost
from localcloud.stand_ins import door as stand_ins
from localcloud.stand_ins import models as stand_in_models
from localcloud.stand_ins import shortcut
from localcloud.store import Entity, Store
from localcloud.userpool import models as userpool
from localcloud.userpool.imports import uploads
from localcloud.userpool.imports.run import Limits
from localcloud.userpool.imports.runner import Runner
from localcloud.userpool.imports.upload_url import PREFIX as IMPORT_PREFIX
from localcloud.userpool.limits.request_rates import RequestRates
from localcloud.wire import cors, http

HOST = "127.0.0.1"
"""Loopback only: root's keys are known to everybody."""

THREADS = 96
"""More than functions can hold busy at once, so that a function's own calls always find a thread."""


class PortTakenError(Exception):
    """Something else listens on the port, or nobody may."""


class Server:
    """One local cloud on one port."""

    def __init__(self, options: Options, sock: socket.socket) -> None:
        """Open the data folder. Raises FolderInUseError, OSError."""
        self._socket = sock
        self._store = Store(options.data_dir, kinds())
        self._cloud = cloud = open_cloud(self._store, options, sock.getsockname()[1])
        self._executor = ThreadPoolExecutor(THREADS, thread_name_prefix="call")
        decisions = Decisions(everything=options.decisions)
        self._host = StackHost(cloud, options, sock.getsockname()[1], own_types.own_types(cloud), decisions)
        self._discovery = discovery.Discovery(cloud)
        self._login = Door(cloud, self._executor)
        self._stand_ins = stand_ins.Door(cloud, self._executor) if options.stand_ins else None
        if self._stand_ins:
            cloud.fetch = shortcut.around(cloud.fetch, self._stand_ins, cloud.endpoint_url)
        log = ImportLog(cloud, self._host.engine, self._host.authorizer, decisions, self._wait_for_engine)
        if options.quotas:
            cloud.count_request = RequestRates().count
        limits = Limits() if options.import_limits == "aws" else Limits(None, None)
        self._imports = cloud.imports = Runner(cloud, options.data_dir / "imports", log, limits)
        self._uploads = uploads.Door(cloud, self._imports)
        self._control = control.Control(cloud, self._host.health, self._host.reset, decisions, self._host.has_function)
        self._host.engine.mails.keep = self._keep_mail
        self._pipeline = Pipeline(
            cloud, self._host.engine, self._host.ready, self._host.authorizer, decisions, self._executor
        )

    async def __call__(self, scope: http.Scope, receive: http.Receive, send: http.Send) -> None:
        """Serve one ASGI connection."""
        if scope["type"] == "lifespan":
            return await self._live(receive, send)
        if scope["type"] != "http":
            return await send({"type": "websocket.close", "code": 1008})
        path = scope["path"]
        with contextlib.suppress(http.ClientGoneError):
            if self._stand_ins and path.startswith(stand_in_models.PREFIX):
                return await self._stand_ins(scope, receive, send)
            if path.startswith(control.PREFIX):
                return await self._control(scope, receive, send)
            if path.startswith(http_api.PREFIX):
                return await self._host.serve_api(scope, receive, send)
            if path.startswith(LOGIN_PREFIX):
                return await self._login(scope, receive, send)
            if path.startswith(IMPORT_PREFIX):
                return await self._uploads(scope, receive, send)
            if discovery.PATH.fullmatch(path):
                return await self._discovery(scope, receive, send)
            if scope["method"] == "OPTIONS" and path == "/":
                return await http.write(send, cors.PREFLIGHT)
            await self._pipeline(scope, receive, send)
        return None

    def run(self) -> None:
        """Serve until Ctrl-C or SIGTERM."""
        serve(self, self._socket)

    async def _live(self, receive: http.Receive, send: http.Send) -> None:
        await receive()
        self._loop = asyncio.get_running_loop()
        self._imports.recover()
        self._host.begin()
        house = asyncio.create_task(housekeeping.keep_house(self._cloud, kinds(), self._host.expire_items))
        await send({"type": "lifespan.startup.complete"})
        await receive()
        house.cancel()
        await asyncio.to_thread(self._imports.close)
        await self._host.end()
        self._executor.shutdown(wait=False, cancel_futures=True)
        self._store.close()
        await send({"type": "lifespan.shutdown.complete"})

    async def _keep_mail(self, mail: SentMail) -> None:
        """On a thread: whoever writes to the store may wait for others who do."""
        await self._loop.run_in_executor(self._executor, outbox.send_mail, Context(self._cloud), mail)

    def _wait_for_engine(self) -> None:
        """On any thread but the loop's own."""
        asyncio.run_coroutine_threadsafe(self._host.ready(), self._loop).result()


def kinds() -> tuple[type[Entity], ...]:
    """All that the store keeps."""
    own = (*userpool.KINDS, *identitypool.KINDS, *federation.KINDS, *managed_login.KINDS, *credentials.KINDS)
    return (*own, *stand_in_models.KINDS, *own_types.KINDS, outbox.Message, Setting)


def open_cloud(store: Store, options: Options, port: int) -> Cloud:
    """The cloud of a data folder: its sealing key and clock are made once and kept."""
    endpoint_url = f"http://{HOST}:{port}"
    return Cloud(
        store=store,
        clock=Clock(offset=float(_setting(store, "clock_offset", "0"))),
        sealer=Sealer(bytes.fromhex(_setting(store, "sealing_key", None))),
        endpoint_url=endpoint_url,
        issuer=options.issuer,
        fetch=fetch,
        providers={**(stand_ins.providers(endpoint_url) if options.stand_ins else {}), **options.providers},
    )


def serve(app: Any, sock: socket.socket, lifespan: Literal["on", "off"] = "on") -> None:
    """Serve an ASGI app until Ctrl-C or SIGTERM."""
    config = uvicorn.Config(
        app,
        lifespan=lifespan,
        log_level="warning",
        access_log=False,
        server_header=False,
        date_header=True,
        # Attack: X-Forwarded-For, from whoever calls, in place of the address that aws:SourceIp is decided on.
        proxy_headers=False,
        timeout_graceful_shutdown=3,
    )
    # uvicorn raises Ctrl-C again when it is done; for this server it is the way to end, and no error.
    with contextlib.suppress(KeyboardInterrupt):
        uvicorn.Server(config).run(sockets=[sock])


def bind(port: int) -> socket.socket:
    """A listening socket on loopback. Raises PortTakenError."""
    # With the protocol named, asyncio switches Nagle's algorithm off; without, each answer waits 40 ms for an ACK.
    sock = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        sock.bind((HOST, port))
        sock.listen(512)
    except OSError as error:
        sock.close()
        verb = "is taken" if error.errno == errno.EADDRINUSE else "cannot be used"
        raise PortTakenError(f"port {port} {verb}: {error.strerror}") from error
    return sock


def _setting(store: Store, name: str, default: str | None) -> str:
    kept = store.get(Setting, name)
    if kept is None:
        kept = Setting(name, default if default is not None else secrets.token_hex(32))
        store.put(kept)
    return kept.value
