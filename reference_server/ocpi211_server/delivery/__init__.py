"""Store-and-forward, a part that is used without the rest of the server as well (docs/delivery.md)."""

from ocpi211_server.delivery.deliveries import Deliveries
from ocpi211_server.delivery.desk import (
    Entry,
    backlog,
    drop,
    drop_parked,
    forget_failed,
    list_deliveries,
    recipient,
    retry,
    retry_all,
)
from ocpi211_server.delivery.outcome import Delivery, Outcome
from ocpi211_server.delivery.policy import Answer, DeliverySettings, Policy, Verdict
from ocpi211_server.delivery.queue import Order, enqueue

__all__ = [
    "Answer",
    "Deliveries",
    "Delivery",
    "DeliverySettings",
    "Entry",
    "Order",
    "Outcome",
    "Policy",
    "Verdict",
    "backlog",
    "drop",
    "drop_parked",
    "enqueue",
    "forget_failed",
    "list_deliveries",
    "recipient",
    "retry",
    "retry_all",
]
