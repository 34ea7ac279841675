"""The reference server is a target here: its databases are those of its own tests, its log is no business of these."""

import logging
from collections.abc import Iterator

import pytest
import structlog

from tests.check.targets import needing
from tests.server.conftest import database_url, new_postgres, postgres, postgres_url, sqlite_url

__all__ = ["database_url", "new_postgres", "postgres", "postgres_url", "sqlite_url"]


@pytest.fixture(autouse=True)
def needs() -> Iterator[None]:
    """Targets that need a module of their partners."""
    with needing():
        yield


@pytest.fixture(autouse=True)
def quiet() -> Iterator[None]:
    """No line a request."""
    before = structlog.get_config()
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    logging.disable(logging.CRITICAL)
    yield
    logging.disable(logging.NOTSET)
    structlog.configure(**before)
