"""The one door through which every request of the server leaves, and who may be called through it."""

from ocpi211_server.egress.door import (
    Egress,
    Limits,
    Observer,
    Policy,
)

__all__ = [
    "Egress",
    "Limits",
    "Observer",
    "Policy",
]
