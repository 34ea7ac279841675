"""A partner that is no server of ours: documents by hand, Credentials by hand, and whatever it gets wrong."""

from collections.abc import Iterable
from typing import Any

from ocpi211.models.credentials import Credentials
from ocpi211.models.locations import BusinessDetails
from tests.server.network import Network, answering, enveloped

__all__ = ["MODULES", "Stranger"]

MODULES = ("credentials", "locations", "tokens", "nltnm-pricing")
OFFERED = "the-token-that-the-stranger-made"


class Stranger:
    """FR*ABC at `https://partner.example`, a CPO or an eMSP, as it is invited."""

    def __init__(self, network: Network, *, modules: Iterable[str] = MODULES, version: str = "2.1.1") -> None:
        self.network = network
        self.url = "https://partner.example"
        self.versions_url = f"{self.url}/versions"
        self.details_url = f"{self.url}/2.1.1"
        self.endpoints = {module: f"{self.details_url}/{module}" for module in modules}
        self.version = version
        self.answers: dict[str, bytes | tuple[int, bytes]] = {}
        self.serve()

    def serve(self, **headers: str) -> None:
        """Answer from now on as the attributes say, and `answers` where it says otherwise."""
        listed = [{"identifier": module, "url": url} for module, url in self.endpoints.items()]
        documents: dict[str, bytes | tuple[int, bytes]] = {
            "/versions": enveloped([{"version": self.version, "url": self.details_url}]),
            "/2.1.1": enveloped({"version": self.version, "endpoints": listed}),
        }
        self.network.host(self.url, answering({**documents, **self.answers}, headers))

    def credentials(self, token: str = OFFERED, **changes: Any) -> Credentials:
        """What it sends to register."""
        given = {"url": self.versions_url, "country_code": "FR", "party_id": "ABC", **changes}
        return Credentials(token=token, business_details=BusinessDetails(name="A stranger"), **given)
