"""A specification of two documents, as small as one can be that has every form, and an overlay for it."""

from pathlib import Path

COMMON = """\
openapi: 3.1.0
info: {title: Shared, version: "1", description: What all share.}
x-ocpi-module: common
paths: {}
components:
  securitySchemes:
    Token: {type: http, scheme: Token}
  schemas:
    String:
      {type: string, pattern: "^[ -~]*$", description: ASCII., x-ocpi-section: t.md#s, x-ocpi-scalar: Identifier}
    Envelope:
      type: object
      description: What every answer is wrapped in.
      x-ocpi-section: t.md#e
      required: [status_code]
      properties:
        status_code: {type: integer, minimum: 1000, description: How it went.}
  parameters:
    offset: {name: offset, in: query, description: First one., schema: {type: integer, minimum: 0, default: 0}}
    limit: {name: limit, in: query, description: So many., schema: {type: integer, minimum: 1}}
  headers:
    Link: {description: Next page., schema: {type: string}}
    X-Total-Count: {required: true, description: All., schema: {type: integer}}
    X-Limit: {required: true, description: Page., schema: {type: integer}}
  responses:
    Updated:
      description: Stored.
      content: {application/json: {schema: {$ref: "#/components/schemas/Envelope"}}}
x-ocpi-status-codes:
  1000: Success.
  2001: Invalid.
"""

TOKENS = """\
openapi: 3.1.0
info: {title: Tokens, version: "1", description: Tokens.}
x-ocpi-module: tokens
security: [{Token: []}]
paths:
  /cpo/2.1.1/tokens/{uid}:
    parameters:
      - $ref: "#/components/parameters/uid"
    patch:
      operationId: cpo.tokens.patch_token
      summary: Change a Token.
      x-ocpi-section: t.md#p
      x-ocpi-owner: [uid]
      x-ocpi-key: {uid: uid}
      x-ocpi-refusals: [2001]
      requestBody:
        required: true
        x-ocpi-merge-patch: true
        content: {application/json: {schema: {$ref: "#/components/schemas/Token"}}}
      responses:
        "200": {$ref: common.yaml#/components/responses/Updated}
  /emsp/2.1.1/tokens:
    get:
      operationId: emsp.tokens.list_tokens
      summary: All Tokens.
      x-ocpi-section: t.md#l
      x-ocpi-paginated: true
      parameters:
        - $ref: common.yaml#/components/parameters/offset
        - $ref: common.yaml#/components/parameters/limit
      responses:
        "200":
          description: A page.
          headers:
            Link: {$ref: common.yaml#/components/headers/Link}
            X-Total-Count: {$ref: common.yaml#/components/headers/X-Total-Count}
            X-Limit: {$ref: common.yaml#/components/headers/X-Limit}
          content:
            application/json:
              schema:
                allOf:
                  - $ref: common.yaml#/components/schemas/Envelope
                  - properties:
                      data: {type: array, items: {$ref: "#/components/schemas/Token"}}
components:
  securitySchemes:
    Token: {$ref: common.yaml#/components/securitySchemes/Token}
  parameters:
    uid:
      name: uid
      in: path
      required: true
      description: Uid of the Token.
      schema: {$ref: common.yaml#/components/schemas/String, minLength: 1, maxLength: 36}
  schemas:
    Token:
      type: object
      description: A Token.
      x-ocpi-section: t.md#t
      x-ocpi-exclusive: [[valid, groups]]
      required: [uid, type]
      properties:
        uid:
          $ref: common.yaml#/components/schemas/String
          maxLength: 36
          description: Uid.
        type:
          $ref: "#/components/schemas/TokenType"
          description: Type.
          default: RFID
        valid:
          type: boolean
          description: Whether it is valid.
        groups:
          type: array
          minItems: 1
          items: {$ref: common.yaml#/components/schemas/String, maxLength: 8}
          description: Its groups.
    TokenType:
      type: string
      description: Type of a Token.
      x-ocpi-section: t.md#y
      enum: [OTHER, RFID]
      x-ocpi-values:
        OTHER: Another.
        RFID: A card.
"""

OVERLAY = """\
overlay: 1.1.0
info: {title: Acme, version: "1"}
x-ocpi-origin: ACME
actions:
"""

# What overlays are put on: they change nothing but the one place a test is about.
ADD_COLOUR = """\
  - target: $.components.schemas.Token.properties
    update:
      colour: {$ref: "#/components/schemas/String", maxLength: 6, description: Colour.}
"""


def write_spec(folder: Path, **documents: str) -> Path:
    """The folder of a specification: both documents, changed or with others as `documents` says."""
    spec = folder / "spec"
    spec.mkdir()
    for name, text in ({"common": COMMON, "tokens": TOKENS} | documents).items():
        (spec / f"{name}.yaml").write_text(text, encoding="utf-8")
    return spec


def write_overlay(folder: Path, actions: str, *, name: str = "acme", head: str = OVERLAY) -> Path:
    """An overlay with these actions, in a folder of its name."""
    path = folder / name / "overlay.yaml"
    path.parent.mkdir()
    path.write_text(head + actions, encoding="utf-8")
    return path
