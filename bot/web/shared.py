"""What the page's handlers share: who asks, from where, how often, and what they are shown."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

import sqlalchemy as sa
from aiohttp import hdrs, web

from actions.clock import Clock
from actions.words import Words
from bot.store import Person, Store, persons
from bot.visits import address_of, is_own
from bot.web import transcript
from bot.web.hub import Hub
from bot.web.keys import Keyring, Visitor
from bot.web.limits import PageLimits, RateLimiter
from bot.web.rendering import HtmlRenderer, Surroundings
from bot.web.responses import Refusal
from bot.web.sites import OWN_PAGE, Site
from bot.web.transcript import CHANNEL, KEPT, TranscriptEntry

RETRY_S = 10


@dataclass(frozen=True, slots=True)
class PageView:
    """A page as it is now."""

    entries: list[TranscriptEntry]
    first: int
    """Id of the first message that is kept: earlier ones were erased."""
    settled: bool
    """Nothing waits for an answer."""
    waits: bool
    """A person of the helpdesk was asked."""


@dataclass
class Shared:
    """The page's surroundings, given once."""

    store: Store
    wording: Words
    words: Words
    keys: Keyring
    renderer: HtmlRenderer
    hub: Hub
    limits: PageLimits
    clock: Clock
    clock_s: Callable[[], float]
    waits: Callable[[sa.Connection, Person], bool]
    file_of: Callable[[int], Awaitable[bytes | None]]
    """Reads a file that the helpdesk sent, by its number there."""
    sites: dict[str, Site] = field(default_factory=lambda: {OWN_PAGE.name: OWN_PAGE})
    closed: bool = False

    def __post_init__(self) -> None:
        limits = self.limits
        self._persons = RateLimiter(limits.person, self.clock_s)
        self._addresses = RateLimiter(limits.address, self.clock_s)
        self._voices = RateLimiter(limits.voices, self.clock_s)

    # Who asks.

    def site(self, name: str) -> Site:
        """Return a site by its name.

        Raises:
            Refusal: There is none.
        """
        found = self.sites.get(name)
        if found is None:
            raise Refusal(404, self.words("introuvable"))
        return found

    def origin_for(self, request: web.Request, site: Site) -> str:
        """Return the origin that may read the answer; empty for our own pages.

        Raises:
            Refusal: The page that asks is of another site.
        """
        origin = request.headers.get(hdrs.ORIGIN)
        if origin is None:
            # Browsers leave it out of a page's own readings only, and say so.
            if request.headers.get("Sec-Fetch-Site", "same-origin") in ("same-origin", "none"):
                return ""
        elif origin in site.origins:
            return origin
        elif is_own(origin, request):
            return ""
        raise Refusal(403)

    def allowed_origin(self, request: web.Request) -> str:
        """Return who asks when it is a page of any site; else an empty text."""
        origin = request.headers.get(hdrs.ORIGIN, "")
        known = any(origin in site.origins for site in self.sites.values())
        return origin if origin and known else ""

    def visitor(self, request: web.Request) -> Visitor:
        """Return who asks, by the key that the page's script sends.

        Raises:
            Refusal: No key, or one that is forged or old.
        """
        scheme, _, key = request.headers.get(hdrs.AUTHORIZATION, "").partition(" ")
        found = self.keys.read(key, self.clock()) if scheme.lower() == "bearer" else None
        if found is None:
            raise Refusal(401, self.words("perdue"))
        return found

    # How often.

    def count_request(self, request: web.Request) -> None:
        """Count one more request of an address.

        Raises:
            Refusal: Too many.
        """
        if not self._addresses.allows(address_of(request)):
            raise self._too_many()

    def count_message(self, visitor: Visitor) -> None:
        """Count one more message of a person.

        Raises:
            Refusal: Too many.
        """
        if not self._persons.allows(visitor.address):
            raise self._too_many()

    def count_voice(self, visitor: Visitor) -> None:
        """Count one more sound of a person.

        Raises:
            Refusal: Too many.
        """
        if not self._voices.allows(visitor.address):
            raise self._too_many()

    def _too_many(self) -> Refusal:
        return Refusal(429, self.words("trop_vite"), retry_after_s=RETRY_S)

    def refuse_when_closed(self) -> None:
        """Refuse everything while the operator keeps the channel closed.

        Raises:
            Refusal: It is closed.
        """
        if self.closed:
            raise Refusal(503, self.wording("canal_ferme").strip(), retry_after_s=60)

    # What is shown.

    async def look(self, address: str, last: int = 0) -> PageView:
        """Return what a person's page shows beyond a message."""
        return await self.store.read(self._look, address, last)

    def _look(self, connection: sa.Connection, address: str, last: int) -> PageView:
        now = self.clock()
        person = persons.find(connection, CHANNEL, address)
        return PageView(
            transcript.after(connection, address, last, now - KEPT),
            transcript.first(connection, address),
            transcript.is_settled(connection, address, now),
            bool(person and self.waits(connection, person)),
        )

    def note(self, shown: PageView) -> str:
        """Return what must be known beside the conversation, or an empty text."""
        return self.words("demande_en_attente").strip() if shown.waits else ""

    def rendered(self, entries: list[TranscriptEntry], visitor: Visitor) -> list[str]:
        """Return messages as HTML."""
        around = Surroundings(visitor.address, visitor.site)
        return [self.renderer.message(entry, around) for entry in entries]


def whole(text: str, *, most: int) -> str:
    """Return a text of a form without what no one types, cut at ``most`` characters."""
    kept = text.replace("\r\n", "\n").replace("\x00", "")
    return kept.encode("utf-8", "replace").decode("utf-8")[:most]
