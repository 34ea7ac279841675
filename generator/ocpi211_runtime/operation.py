"""One row of the contract: an operation as clients and routes both see it (transport_and_format.md, and each module).

The rows are generated (`operations.py`); a client call and a route are two views of the same row. Validators are
built when first used, and shared by equal types.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache, cached_property
from typing import TYPE_CHECKING, Any, Generic, Literal
from urllib.parse import quote, unquote_to_bytes

from pydantic import TypeAdapter, ValidationError
from typing_extensions import TypeVar

from ocpi211_runtime.printable import json_reader
from ocpi211_runtime.problems import problems_of

if TYPE_CHECKING:
    from collections.abc import Hashable, Mapping

    from pydantic import BaseModel

    from ocpi211_runtime.printable import JsonReader

__all__ = ["Operation", "Parameter", "decode_segment", "encode_segment", "type_adapter"]

R_co = TypeVar("R_co", covariant=True, default=object)


@cache
def type_adapter(annotation: Hashable) -> TypeAdapter[Any]:
    """The validator of a type, built once for all equal annotations."""
    form: Any = annotation
    return TypeAdapter(form)


@dataclass(frozen=True)
class Parameter:
    """A path segment, a query parameter or a header of an operation."""

    name: str
    """On the wire."""
    python: str
    """In signatures."""
    place: Literal["path", "query", "header"]
    type: Any
    """An annotation, for example `Annotated[str, Identifier(max_length=36)]`."""
    required: bool = False
    default: object = None
    """What the server takes where the parameter is left out."""
    aliases: tuple[str, ...] = ()
    """Other spellings a server accepts."""

    @cached_property
    def adapter(self) -> TypeAdapter[Any]:
        """The validator of the value."""
        return type_adapter(self.type)

    def write(self, value: object) -> str:
        """The value as it stands in a URL or header, before percent-encoding. ValueError if it breaks the type."""
        try:
            checked = self.adapter.validate_python(value)
        except ValidationError as error:
            reasons = "; ".join(problem.reason for problem in problems_of(error))
            raise ValueError(f"{self.python}: {reasons}") from None
        plain = self.adapter.dump_python(checked, mode="json")
        return str(plain).lower() if isinstance(plain, bool) else str(plain)


@dataclass(frozen=True)
class Operation(Generic[R_co]):
    """One method of one interface. `R_co` is the type of `data` in a success, the item's where `paginated`."""

    id: str
    """`<role>.<module>.<name>`, for example `cpo.tokens.put_token`."""
    role: Literal["cpo", "emsp"]
    """Who serves it."""
    module: str
    endpoint: str
    """Which published URL the suffix is appended to: that of the module, of `versions` or of `version_details`."""
    name: str
    """The method of clients and route skeletons."""
    verb: str
    path: str
    """The whole path of the specification. Descriptive: a deployment publishes its own URLs."""
    suffix: tuple[str, ...] = ()
    """What stands behind the endpoint, a segment each; `{x}` is the path parameter x."""
    parameters: tuple[Parameter, ...] = ()
    body: type[BaseModel] | None = None
    body_name: str = ""
    """Name of the body's argument in signatures."""
    body_required: bool = False
    merge_patch: bool = False
    """The body is a partial object: absent means unchanged, null means unset."""
    result: type[R_co] | None = None
    """Type of `data`; None for a write that answers nothing."""
    paginated: bool = False
    created: bool = False
    """A write may answer 201."""
    opaque_url: bool = False
    """The peer hands out the URL; the path is only what our skeletons serve."""
    owner: tuple[str, ...] = ()
    """The path parameters that name the owner of a client-owned object."""
    key: tuple[tuple[str, str], ...] = ()
    """(path parameter, property of the body) that must be equal."""
    refusals: tuple[int, ...] = ()
    """OCPI status codes that this operation gives a meaning to."""
    summary: str = ""
    section: str = ""
    origin: str = ""
    """Who added it to OCPI 2.1.1, if anybody."""

    @cached_property
    def path_parameters(self) -> tuple[Parameter, ...]:
        """In the order of the path."""
        return self._of("path")

    @cached_property
    def query_parameters(self) -> tuple[Parameter, ...]:
        """What may stand behind the question mark."""
        return self._of("query")

    @cached_property
    def header_parameters(self) -> tuple[Parameter, ...]:
        """Headers that are arguments of the operation; those of every call are not among them."""
        return self._of("header")

    @cached_property
    def body_adapter(self) -> JsonReader[Any]:
        """The reader of the request body."""
        return json_reader(self.body)

    @cached_property
    def result_adapter(self) -> TypeAdapter[Any]:
        """The validator of `data`, of one item of it where `paginated`."""
        annotation: Any = self.result
        return type_adapter(annotation)

    def write_suffix(self, values: Mapping[str, object]) -> str:
        """The encoded path behind the endpoint, `""` or beginning with a slash; values by Python name."""
        given = {f"{{{item.name}}}": item.write(values[item.python]) for item in self.path_parameters}
        segments = [given.get(segment, segment) for segment in self.suffix]
        if "" in segments:  # tokens/FR/ABC/ is another resource, and not a harmless one
            raise ValueError("a path parameter is empty")
        return "".join("/" + encode_segment(segment) for segment in segments)

    def _of(self, place: str) -> tuple[Parameter, ...]:
        return tuple(parameter for parameter in self.parameters if parameter.place == place)


_dots = {".": "%2E", "..": "%2E%2E"}
_escaped = re.compile(r"(?:[\x21-\x24\x26-\x7e]|%[0-9A-Fa-f]{2})*")


def encode_segment(text: str) -> str:
    """One path segment (RFC 3986): everything but unreserved characters is encoded, `/` and `%` too.

    A segment of dots alone is encoded as well, or the next URL library would resolve it as "here" or "up".
    """
    return _dots.get(text) or quote(text, safe="")


def decode_segment(raw: bytes | str) -> str:
    """What `encode_segment` encoded, strictly: a broken escape, a raw non-ASCII byte or no UTF-8 is a ValueError.

    Give it a segment of the raw path: frameworks decode before they split, where `%2F` has become a separator.
    """
    text = raw.decode("latin-1") if isinstance(raw, bytes) else raw
    if not _escaped.fullmatch(text):
        raise ValueError("the path segment is not percent-encoded")
    return unquote_to_bytes(text).decode("utf-8")  # a UnicodeDecodeError is a ValueError
