# Written by ocpi_codegen from the spec (OCPI 2.1.1, GIREVE). Change the spec, not this file; then: nox -s generate

"""OCPI 2.1.1 with GIREVE: models, clients, route skeletons, strategies.

`ocpi211.models` needs pydantic alone. `ocpi211.client`, `ocpi211.routes` and
`ocpi211.strategies` need the extras `client`, `server` and `strategies`.
"""
