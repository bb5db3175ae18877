"""The stack of one home: the action server and Rasa, from nothing to healthy."""

from __future__ import annotations

import sys
from collections.abc import AsyncIterator
from contextlib import ExitStack, asynccontextmanager
from pathlib import Path

import aiohttp
from sqlalchemy import make_url
from sqlalchemy.exc import ArgumentError

from bot.settings import PROJECT_ROOT, Settings
from bot.stack.child import ChildSpec
from bot.stack.databases import prepare_databases
from bot.stack.endpoint import Endpoint, free_port, publish, published, withdraw
from bot.stack.errors import StackError
from bot.stack.home import exclusive, prepare_home, secret, secret_path
from bot.stack.supervisor import Backoff, Say, Supervisor
from bot.stack.trained_model import NLU_PYTHON, ensure_model, model_path

_SECRET = "nlu"  # noqa: S105  a name, not a secret


class Stack:
    """Starts what an assistant needs besides itself; use as an async context manager."""

    def __init__(
        self,
        settings: Settings,
        say: Say,
        *,
        advertise: bool = False,
        patience: Backoff | None = None,
    ) -> None:
        """Prepare nothing yet.

        Args:
            settings: The installation.
            say: Told, in one line each, what takes long and what fails.
            advertise: Let the other commands of this home use this stack; one a home.
            patience: How restarts wait.
        """
        self._settings = settings
        self._say = say
        self._advertise = advertise
        self._held = ExitStack()
        self._supervisor = Supervisor(settings.logs_dir, say, patience)

    async def __aenter__(self) -> Endpoint:
        return await self.start()

    async def __aexit__(self, *_exception: object) -> None:
        await self.stop()

    async def start(self) -> Endpoint:
        """Prepare the home, databases and model, then start both servers.

        Raises:
            StackError: Something cannot serve, in one line.
        """
        prepare_home(self._settings)
        lock = self._settings.home / "stack.lock"
        if self._advertise and not self._held.enter_context(exclusive(lock, wait=False)):
            raise StackError(f"un assistant tourne déjà dans {self._settings.home}")
        try:
            if self._advertise:
                self._alone_on_its_file()
            prepare_databases(self._settings)
            await ensure_model(self._settings, self._say)
            endpoint = Endpoint(free_port(), free_port(), secret(self._settings.home, _SECRET))
            self._say("Démarrage de Rasa et des actions (une dizaine de secondes)…")
            await self._supervisor.start(self._children(endpoint))
            if self._advertise:
                home = self._settings.home
                publish(endpoint, home, secret_path(home, _SECRET))
        except BaseException:
            await self.stop()
            raise
        return endpoint

    def _alone_on_its_file(self) -> None:
        """Refuse a second home on one SQLite file: both would answer each message."""
        try:
            url = make_url(self._settings.database_url)
        except ArgumentError:
            return  # no address at all: the database says it better
        if url.get_backend_name() != "sqlite" or not url.database or url.database == ":memory:":
            return
        lock = Path(f"{url.database}.lock")
        try:
            alone = self._held.enter_context(exclusive(lock, wait=False))
        except OSError:
            return  # no such folder, or a read-only one: the database says it better
        if not alone:
            raise StackError(
                "un assistant d'un autre dossier (PASSERELLE_HOME) répond déjà sur cette base de "
                "conversations : arrêtez-le, ou passez à PostgreSQL pour en avoir plusieurs "
                "(docs/running.md)"
            )

    async def stop(self) -> None:
        """Stop both servers and free the home; harmless when nothing runs."""
        if self._advertise:
            withdraw(self._settings.home)
        await self._supervisor.stop()
        self._held.close()

    def pid(self, name: str) -> int:
        """Return the process id of a child: ``actions`` or ``rasa``."""
        return self._supervisor.pid(name)

    def _children(self, endpoint: Endpoint) -> list[ChildSpec]:
        settings = self._settings
        today = settings.today.isoformat() if settings.today else ""
        actions = ChildSpec(
            name="actions",
            title="Le serveur d'actions",
            arguments=(
                sys.executable,
                "-m",
                "bot.action_server",
                "--port",
                str(endpoint.actions_port),
            ),
            health_url=f"{endpoint.actions_url}/health",
            folder=PROJECT_ROOT,
            environment={
                "PASSERELLE_HOME": str(settings.home),
                "PASSERELLE_REFERENCE_URL": settings.reference_url,
                "PASSERELLE_DATE": today,
                "PASSERELLE_ADDRESS_API_URL": settings.address_api_url,
                "PASSERELLE_RETENTION_DAYS": str(settings.retention_days),
            },
        )
        rasa = ChildSpec(
            name="rasa",
            title="Rasa",
            arguments=(
                str(NLU_PYTHON),
                "-m",
                "nlu.server",
                "--model",
                str(model_path(settings)),
                "--port",
                str(endpoint.nlu_port),
                "--actions-url",
                f"{endpoint.actions_url}/webhook",
            ),
            health_url=f"{endpoint.nlu_url}/health",
            folder=PROJECT_ROOT,
            environment={
                "PASSERELLE_NLU_SECRET": endpoint.secret,
                "PASSERELLE_TRACKER_URL": _tracker_url(settings),
            },
        )
        return [actions, rasa]


def _tracker_url(settings: Settings) -> str:
    """Keep Rasa's conversations beside ours on a database server, apart on a disk."""
    if make_url(settings.database_url).get_backend_name() == "postgresql":
        return settings.database_url
    return f"sqlite:///{settings.home / 'rasa.sqlite'}"


@asynccontextmanager
async def joined_or_own(settings: Settings, say: Say) -> AsyncIterator[Endpoint]:
    """Use the stack that runs in this home, or one of one's own that ends with the block.

    Raises:
        StackError: None runs and none can be started.
    """
    running = published(settings.home)
    if running and await _answers(running):
        yield running
        return
    async with Stack(settings, say) as endpoint:
        yield endpoint


async def _answers(endpoint: Endpoint) -> bool:
    timeout = aiohttp.ClientTimeout(total=10)
    try:
        async with (
            aiohttp.ClientSession(timeout=timeout) as session,
            session.get(f"{endpoint.nlu_url}/health") as response,
        ):
            return response.status == 200
    except (aiohttp.ClientError, TimeoutError):
        return False
