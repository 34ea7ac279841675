"""A list that the target may pull: one object a page, so that a client which knows nothing of pages stops at once.

It does what lists do while somebody crawls them: an object is added, one is gone, one has changed when it is read
again. Its Links are written in the forms that servers use (transport_and_format.md, Pagination).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, quote

from ocpi211_check.reply import Reply
from ocpi211_check.rules.reading import moment
from ocpi211_runtime.pages import write_link

__all__ = ["OfferedList", "is_plain"]

Object = dict[str, Any]


@dataclass
class OfferedList:
    """The objects, and what happens to them."""

    items: list[Object]
    added: Object | None = None
    """Comes to the end of the list behind its second page."""
    gone: int | None = None
    """The page behind which the first object is no longer there, and all others have moved up by one."""
    changed: Callable[[], None] = field(default=lambda: None)
    """Called when a crawl has reached the last page for the first time."""
    odd: Sequence[int] = ()
    """Pages whose Link is written in another form."""
    _over: bool = False

    def __iter__(self) -> Iterator[Object]:
        return iter(self.items)

    def page(self, query: str, url: str) -> Reply:
        """The page that is asked for; `url` is the list's own."""
        asked = parse_qs(query)
        offset = int(given) if (given := asked.get("offset", ["0"])[0]).isdigit() else 0
        since = asked.get("date_from", [""])[0]
        shown = [item for item in self.items if not since or _since(item, since)]
        headers = [("X-Total-Count", str(len(shown))), ("X-Limit", "1")]
        more = offset + 1 < len(shown)
        if more:
            kept = f"&date_from={quote(since, safe=':')}" if since else ""
            headers.append(("Link", self._link(offset, f"{url}?offset={offset + 1}&limit=1{kept}")))
        reply = Reply.envelope(shown[offset : offset + 1]).having(*headers)
        self._happen(offset, more=more)
        return reply

    def _link(self, offset: int, url: str) -> str:
        if offset not in self.odd:
            return write_link(url)
        first = url.partition("?")[0]
        forms = (f"<{url}>;rel=next", f'<{first}>; rel="first", <{url}>; rel="next"; title="more"')
        return forms[list(self.odd).index(offset) % len(forms)]

    def _happen(self, offset: int, *, more: bool) -> None:
        if offset == 1 and self.added is not None:
            self.items.append(self.added)
            self.added = None
        if offset == self.gone:
            del self.items[0]
            self.gone = None
        if not more and not self._over:
            self._over = True
            self.changed()


def _since(item: Object, since: str) -> bool:
    changed, first = moment(item.get("last_updated")), moment(since)
    return changed is not None and (first is None or changed >= first)


def is_plain(link: str) -> bool:
    """Whether a Link is written as in the text's example."""
    return link.endswith('>; rel="next"') and link.count("<") == 1
