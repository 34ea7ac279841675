"""Use the models as one who installed nothing else; `nox -s package` does so with `wheel`, where one is installed."""

import sys
from importlib.resources import files
from importlib.util import find_spec

from ocpi211.models import Location, Token

UNWANTED = {"httpx", "httpx2", "hypothesis", "orjson", "starlette"}
LOCATION = b"""{
    "id": "LOC1", "type": "ON_STREET", "address": "1 rue des Lilas", "city": "Lyon", "postal_code": "69003",
    "country": "FRA", "coordinates": {"latitude": "45.760000", "longitude": "4.840000"},
    "last_updated": "2024-05-02T10:00:00Z"
}"""


def main() -> None:
    """Fail if an optional dependency is loaded, or if what an installed package needs is missing."""
    # Schemas are built on first use: only a validation shows what that loads.
    location = Location.model_validate_json(LOCATION)
    assert Location.model_validate_json(location.model_dump_json(exclude_none=True)) == location
    assert Token.__doc__

    loaded = UNWANTED & sys.modules.keys()
    assert not loaded, f"importing the models loaded {sorted(loaded)}"
    if "wheel" in sys.argv:
        assert find_spec("ocpi211_faults") is None, "an installed server can be switched to be wrong"
    for package in ("ocpi211", "ocpi211_runtime"):
        assert files(package).joinpath("py.typed").is_file(), f"{package} ships no py.typed"
    sys.stdout.write("models: imported and used, nothing else loaded\n")


main()
