"""Prints `routes`: for every module and role a skeleton, with a method an operation."""

from __future__ import annotations

import builtins
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ocpi_codegen.client_methods import CLASS_INDENT, Argument
from ocpi_codegen.render import METHOD_INDENT, ROLES, PythonTypes, by_module, default, interfaces, paragraph, section

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jinja2 import Environment

    from ocpi_codegen.ir import Module, Operation, Parameter, Spec

# What a handler needs besides the skeletons, by module of the runtime.
AGAIN = {
    "answers": ("Authenticate", "Caller", "Created", "Incoming", "PageResult", "Role"),
    "errors": (
        "BadRequest",
        "CannotUseClientApi",
        "InvalidParameters",
        "MethodNotAllowed",
        "MissingEndpoints",
        "NotEnoughInformation",
        "NotFound",
        "PayloadTooLarge",
        "Refusal",
        "ServerFailure",
        "Unauthorized",
        "UnknownLocation",
        "UnsupportedVersion",
    ),
    "handlers": ("Handler",),
    "problems": ("Problem",),
    "routing": ("app", "routes"),
    "serving": ("RouteSettings",),
}

# The exception that says so, by status code.
REFUSALS = {
    2002: "NotEnoughInformation",
    2003: "UnknownLocation",
    3001: "CannotUseClientApi",
    3002: "UnsupportedVersion",
    3003: "MissingEndpoints",
}

CALLER = Argument("caller", "Caller", "", "Who asks; `caller.request` is the request.")


@dataclass(frozen=True, slots=True)
class Method:
    """An operation as a method of a skeleton."""

    name: str
    constant: str
    positional: tuple[Argument, ...]
    keywords: tuple[Argument, ...]
    result: str
    doc: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Skeleton:
    """What one role serves of one module."""

    role: str
    name: str  # CpoTokens
    module: str
    doc: tuple[str, ...]
    methods: tuple[Method, ...]

    @property
    def shadows(self) -> bool:
        """Whether an argument has the name of a built-in, as `type`."""
        given = {one.name for method in self.methods for one in (*method.positional, *method.keywords)}
        return not given.isdisjoint(dir(builtins))


def render(spec: Spec, environment: Environment) -> dict[str, str]:
    """Path → text of everything in `routes/`."""
    printer = _Printer(spec)
    module, package = (environment.get_template(f"routes_{part}.py.jinja") for part in ("module", "package"))
    rooms = {one: printer.skeletons(one) for one in spec.modules if one.operations}
    texts = {
        f"routes/{one.name}.py": module.render(spec=spec, module=one, **_module_view(one, skeletons))
        for one, skeletons in rooms.items()
    }
    own = [skeleton.name for skeletons in rooms.values() for skeleton in skeletons]
    offered = sorted([*own, *(name for names in AGAIN.values() for name in names)])
    listed = tuple((one.name, [skeleton.name for skeleton in skeletons]) for one, skeletons in rooms.items())
    return texts | {
        "routes/__init__.py": package.render(spec=spec, rooms=listed, again=tuple(AGAIN.items()), offered=offered)
    }


def _module_view(module: Module, skeletons: tuple[Skeleton, ...]) -> dict[str, object]:
    """Enums that are a default are needed when the module is imported, all other types by type checkers alone."""
    parameters = [one for operation in module.operations for one in operation.parameters]
    early = {(one.type.module, one.type.name) for one in parameters if "." in default(one)}
    named = {pair for operation in module.operations for pair in _names(operation) if pair[0] != "scalars"}
    results = " ".join(method.result for skeleton in skeletons for method in skeleton.methods)
    about = (
        f"{module.title}: what a server answers.",
        "A skeleton a role; only what a subclass overrides is served and advertised.",
    )
    return {
        "about": about,
        "skeletons": skeletons,
        "offered": sorted(skeleton.name for skeleton in skeletons),
        "early": tuple(by_module(early)),
        "imports": tuple(by_module(named - early)),
        "returned": [name for name in ("Created", "PageResult") if name in results],
    }


def _names(operation: Operation) -> Iterator[tuple[str, str]]:
    for made in (operation.body, operation.result, *(parameter.type for parameter in operation.parameters)):
        yield from made.names if made else ()


class _Printer:
    def __init__(self, spec: Spec) -> None:
        self.types = PythonTypes(spec)
        self.meanings = dict(spec.status_codes)

    def skeletons(self, module: Module) -> tuple[Skeleton, ...]:
        """A module's skeletons, the CPO's first."""
        return tuple(self._skeleton(module, *found) for found in interfaces(module))

    def _skeleton(self, module: Module, role: str, name: str, served: list[Operation]) -> Skeleton:
        about = f"{module.title}, as the {ROLES[role][1]} serves them: override what you offer."
        doc = (
            *paragraph(about, CLASS_INDENT),
            "",
            *paragraph(module.description, CLASS_INDENT),
            "",
        )
        return Skeleton(role, name, module.name, doc, tuple(self._method(one) for one in served))

    def _method(self, operation: Operation) -> Method:
        path = tuple(self._argument(one) for one in operation.parameters if one.place == "path")
        others = tuple(self._argument(one) for one in operation.parameters if one.place != "path")
        positional = (CALLER, *path, *_body(operation))
        doc = self._doc(operation, (*positional, *others))
        return Method(operation.name, operation.constant, positional, others, self._result(operation), doc)

    def _argument(self, parameter: Parameter) -> Argument:
        annotation = self.types(parameter.type)
        written = "" if parameter.required else default(parameter)
        about = f"{parameter.origin}: {parameter.description}" if parameter.origin else parameter.description
        return Argument(parameter.python, f"{annotation} | None" if written == "None" else annotation, written, about)

    def _result(self, operation: Operation) -> str:
        made = self.types(operation.result) if operation.result else ""
        if operation.paginated:
            return f"PageResult[{made}]"
        kinds = (made, "Created" if operation.created else "", "bytes" if made else "None")
        return " | ".join(filter(None, kinds))

    def _doc(self, operation: Operation, arguments: tuple[Argument, ...]) -> tuple[str, ...]:
        summary = f"{operation.origin}: {operation.summary}" if operation.origin else operation.summary
        where = f"`{operation.verb} {operation.path}`. Section: {operation.section}"
        return (
            *paragraph(summary, METHOD_INDENT),
            "",
            *paragraph(where, METHOD_INDENT),
            "",
            *section("Args", ((one.name, one.description) for one in arguments)),
            "Returns:",
            *(f"    {line}" for line in paragraph(_returns(operation), METHOD_INDENT + 4)),
            "",
            *section("Raises", self._raises(operation)),
        )

    def _raises(self, operation: Operation) -> Iterator[tuple[str, str]]:
        if "{" in operation.path:
            yield "NotFound", "There is no such object, or not for this caller."
        if operation.module == "credentials" and operation.verb != "GET":
            yield "MethodNotAllowed", "Not now: the caller is registered already, or not yet."
        # Mostly the routes' affair: what reaches the method is valid, if not always sensible.
        if operation.body or 2001 in operation.refusals:
            yield "InvalidParameters", "Valid each by itself, the arguments do not go together. (2001)"
        for code in operation.refusals:
            if code != 2001:
                yield REFUSALS.get(code, "Refusal"), f"{self.meanings[code]} ({code})"


def _body(operation: Operation) -> tuple[Argument, ...]:
    if not operation.body:
        return ()
    annotation = operation.body.annotation
    about = "What to change; what it leaves out stays." if operation.merge_patch else f"The {annotation}, valid."
    if operation.key:
        about = f"{about[:-1]}; its id is that of the URL." if not operation.merge_patch else about
    if operation.body_required:
        return (Argument(operation.body_name, annotation, "", about),)
    return (Argument(operation.body_name, f"{annotation} | None", "None", f"{about[:-1]}; None if there is none."),)


def _returns(operation: Operation) -> str:
    if operation.paginated:
        return "The page, oldest objects first, each as an object or as its JSON."
    if operation.result is None:
        where = " with the URL of the object" if "Location" in operation.response_headers else ""
        return f"Created{where} if it was new, else nothing." if operation.created else "Nothing."
    made = f"The {operation.result.annotation}, or its JSON."
    return f"{made} Created with it as data is answered 201." if operation.created else made
