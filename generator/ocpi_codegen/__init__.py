"""Writes `ocpi211` from the spec: OpenAPI 3.1 and overlays in; models, clients, routes and strategies out."""
