"""Operations as methods of a client: signatures, docstrings, and what is handed on."""

from __future__ import annotations

import builtins
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ocpi_codegen.render import METHOD_INDENT, ROLES, PythonTypes, default, endpoint, interfaces, paragraph, section

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ocpi_codegen.ir import Module, Operation, Parameter, Spec


CLASS_INDENT = 4


@dataclass(frozen=True, slots=True)
class Argument:
    """An argument of a client's method."""

    name: str
    annotation: str
    default: str
    description: str

    @property
    def declaration(self) -> str:
        """`limit: int | None = None`."""
        return f"{self.name}: {self.annotation}" + (f" = {self.default}" if self.default else "")


@dataclass(frozen=True, slots=True)
class Method:
    """An operation as a method of a client."""

    name: str
    constant: str
    kind: str  # fetch: gives the result; send: a receipt; list: a pager
    result: str
    positional: tuple[Argument, ...]
    keywords: tuple[Argument, ...]
    values: tuple[str, ...]  # the arguments that are parameters of the operation
    body: str
    opaque: bool
    doc: tuple[str, ...]
    path_arguments: tuple[Argument, ...]  # of the documented URL, where the operation is opaque
    path_doc: tuple[str, ...]

    @property
    def arguments(self) -> tuple[Argument, ...]:
        """All of them, in order."""
        return self.positional + self.keywords


@dataclass(frozen=True, slots=True)
class Interface:
    """The operations of one module that one role serves."""

    role: str
    name: str  # CpoTokens
    attribute: str  # tokens
    doc: tuple[str, ...]
    methods: tuple[Method, ...]

    @property
    def shadows(self) -> bool:
        """Whether an argument has the name of a built-in, as `type`."""
        return any(one.name in dir(builtins) for method in self.methods for one in method.arguments)


class Interfaces:
    """Makes the views of one spec."""

    def __init__(self, spec: Spec) -> None:
        self.types = PythonTypes(spec)
        self.meanings = dict(spec.status_codes)

    def of(self, module: Module) -> tuple[Interface, ...]:
        """A module's interfaces, the CPO's first."""
        return tuple(self._interface(module, *found) for found in interfaces(module))

    def _interface(self, module: Module, role: str, name: str, served: list[Operation]) -> Interface:
        about = f"{module.title}, as the {ROLES[role][1]} serves them."
        doc = (*paragraph(about, CLASS_INDENT), "", *paragraph(module.description, CLASS_INDENT), "")
        return Interface(role, name, module.name, doc, tuple(self._method(one) for one in served))

    def _method(self, operation: Operation) -> Method:
        path = tuple(self._argument(one) for one in operation.parameters if one.place == "path")
        others = tuple(self._argument(one) for one in operation.parameters if one.place != "path")
        positional = (URL,) if operation.opaque_url else path
        if operation.body:
            annotation, optional = operation.body.annotation, not operation.body_required
            about = "what to change; what it leaves out stays." if operation.merge_patch else f"the {annotation}."
            positional += (
                Argument(
                    operation.body_name,
                    f"{annotation} | None" if optional else annotation,
                    "None" if optional else "",
                    about,
                ),
            )
        kind = "list" if operation.paginated else "fetch" if operation.result else "send"
        values = (*(() if operation.opaque_url else path), *others)
        return Method(
            operation.name,
            operation.constant,
            kind,
            self.types(operation.result) if operation.result else "Receipt",
            positional,
            (*others, OPTIONS),
            tuple(one.name for one in values),
            operation.body_name,
            operation.opaque_url,
            self._doc(operation, (*positional, *others, OPTIONS)),
            path,
            _path_doc(operation, path) if operation.opaque_url else (),
        )

    def _argument(self, parameter: Parameter) -> Argument:
        annotation = self.types(parameter.type)
        written = "" if parameter.required else default(parameter)
        about = f"{parameter.origin}: {parameter.description}" if parameter.origin else parameter.description
        return Argument(parameter.python, f"{annotation} | None" if written == "None" else annotation, written, about)

    def _doc(self, operation: Operation, arguments: tuple[Argument, ...]) -> tuple[str, ...]:
        summary = f"{operation.origin}: {operation.summary}" if operation.origin else operation.summary
        where = f"`{operation.verb} {operation.path}`. Section: {operation.section}"
        return (
            *paragraph(summary, METHOD_INDENT),
            "",
            *paragraph(where, METHOD_INDENT),
            "",
            *section("Args", ((one.name, one.description) for one in arguments)),
            *section("Raises", self._raises(operation)),
        )

    def _raises(self, operation: Operation) -> Iterator[tuple[str, str]]:
        kinds = "PeerUnauthorized, PeerNotFound and PeerMethodNotAllowed are kinds of it."
        meanings = " ".join(f"{code}: {self.meanings[code]}" for code in operation.refusals)
        yield (
            "PeerRefusal",
            f"the peer says no; {kinds}" + (f" Its `status_code` may be {meanings}" if meanings else ""),
        )
        yield "MalformedAnswer", "the answer is no envelope, or its data breaks the schema."
        yield "Unreachable", "there is no answer; Timeout is a kind of it."
        if operation.opaque_url or operation.paginated:
            url = "the URL" if operation.opaque_url else "a Link"
            yield "ForeignUrl", f"{url} leads where the token must not go; nothing was sent."
        if not operation.opaque_url:
            yield "NotOffered", f"the peer publishes no {endpoint(operation)}."
        yield BROKEN


URL = Argument("url", "str", "", "the URL that the peer handed out, absolute or relative to its endpoint.")
OPTIONS = Argument("options", "CallOptions | None", "None", "what differs in this call.")
BROKEN = ("ValueError", "an argument breaks its type; nothing was sent.")


def _path_doc(operation: Operation, arguments: tuple[Argument, ...]) -> tuple[str, ...]:
    """Of the method that makes the documented URL of an opaque operation."""
    about = f"The URL of `{operation.name}` where the peer keeps to the path of the text, for one that sends no URL."
    raised = (("NotOffered", f"the peer publishes no {endpoint(operation)}."), BROKEN)
    return (
        *paragraph(about, METHOD_INDENT),
        "",
        *section("Args", ((one.name, one.description) for one in arguments)),
        *section("Raises", raised),
    )
