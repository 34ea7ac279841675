"""The tables as the first edition made them, once for both databases; what came later is in `editions`.

Moments are microseconds since 1970, DateTimes of OCPI seconds since 1970: both sort, and both databases have them.
A party is written as eMI3 writes it, `FR*ABC`.
"""

from __future__ import annotations

from collections.abc import Sequence

__all__ = ["FIRST"]

_PARTNER = """
CREATE TABLE partner (
    id           {SERIAL},
    role         TEXT NOT NULL,               -- theirs: cpo or emsp
    country_code TEXT NOT NULL,
    party_id     TEXT NOT NULL,
    name         TEXT NOT NULL DEFAULT '',
    hub          SMALLINT NOT NULL DEFAULT 0, -- speaks for the parties behind it
    state        TEXT NOT NULL,               -- invited, registered, unregistered, suspended or revoked
    origins      TEXT NOT NULL DEFAULT '[]',  -- JSON: where its URLs may lead
    trust_first  SMALLINT NOT NULL DEFAULT 0, -- while there are none, those of its first registration count
    versions_url TEXT NOT NULL DEFAULT '',
    endpoints    TEXT NOT NULL DEFAULT '{{}}',-- JSON: module to URL
    details_url  TEXT NOT NULL DEFAULT '',
    secret       {BYTES},                     -- the token we send, encrypted
    updated      BIGINT NOT NULL,
    UNIQUE (role, country_code, party_id)
)
"""
_CREDENTIAL = """
CREATE TABLE credential (                     -- the tokens that partners send us
    seq     {SERIAL},                         -- order of issue: using one ends those before it
    digest  {BYTES} NOT NULL UNIQUE,          -- SHA-256
    partner BIGINT NOT NULL REFERENCES partner (id),
    kind    TEXT NOT NULL,                    -- invitation, offered, active or leaving
    made    BIGINT NOT NULL,
    expires BIGINT                            -- not good any more from this moment on
)
"""
_OBJECT = """
CREATE TABLE object (
    seq              {SERIAL},                -- order of creation
    module           TEXT NOT NULL,           -- locations, sessions, cdrs, tariffs or tokens
    owner            TEXT NOT NULL,
    id               TEXT NOT NULL,           -- as it is compared: of a CDR in lower case
    partner          BIGINT,                  -- who sent it; of our own NULL
    recipient        TEXT,                    -- of a Session or CDR: the eMSP it is for
    authorization_id TEXT,
    contract         TEXT,                    -- auth_id of a Token, Session or CDR
    last_updated     BIGINT NOT NULL,         -- seconds
    changed          BIGINT NOT NULL,         -- seconds: what date_from and date_to look at
    body             {BYTES} NOT NULL,        -- as received
    shown_id         TEXT,                    -- as the other leg of a hub knows it
    shown            {BYTES},                 -- as the other leg of a hub is shown it
    gone             SMALLINT NOT NULL DEFAULT 0, -- of a Location: 1 if some EVSE is REMOVED, 2 if all are
    UNIQUE (module, owner, id)
)
"""
_KEPT_ASIDE = """
CREATE TABLE kept_aside (                     -- what contradicts something stored: never dropped, never taken over
    seq      {SERIAL},
    module   TEXT NOT NULL,
    owner    TEXT NOT NULL,
    id       TEXT NOT NULL,
    partner  BIGINT,
    received BIGINT NOT NULL,
    body     {BYTES} NOT NULL
)
"""
_AUTHORIZATION = """
CREATE TABLE authorization_given (            -- what an eMSP allowed, or refused
    emsp             TEXT NOT NULL,
    authorization_id TEXT NOT NULL,
    partner          BIGINT,                  -- who asked, or was told to start
    ours             SMALLINT NOT NULL,       -- 1: the hub made the id for the CPO, the eMSP gave none
    token_uid        TEXT NOT NULL,
    contract         TEXT NOT NULL,
    location_id      TEXT,
    evse_uid         TEXT,
    allowed          TEXT NOT NULL,
    remote           SMALLINT NOT NULL,       -- 1: START_SESSION, 0: asked by a CPO
    made             BIGINT NOT NULL,
    PRIMARY KEY (emsp, authorization_id)
)
"""
_COMMAND = """
CREATE TABLE command (
    uid              TEXT PRIMARY KEY,        -- last segment of the call-back URL we gave; 128 bits or more
    kind             TEXT NOT NULL,
    partner          BIGINT,                  -- who has to carry it out, and alone may post the result
    asked_by         BIGINT,                  -- who is to be told the result
    response_url     TEXT,                    -- where
    authorization_id TEXT,
    about            TEXT NOT NULL,           -- JSON: the command as sent, without its token
    deadline         BIGINT NOT NULL,
    answer           TEXT,                    -- what was said at once
    result           TEXT,                    -- what was said later; TIMEOUT if nothing was
    made             BIGINT NOT NULL
)
"""
_AGREEMENT = """
CREATE TABLE agreement (                      -- who may roam with whom
    cpo   TEXT NOT NULL,
    emsp  TEXT NOT NULL,
    price TEXT,                               -- per kWh, where the hub works out what a CDR costs
    made  BIGINT NOT NULL,
    PRIMARY KEY (cpo, emsp)
)
"""
_TRANSLATION = """
CREATE TABLE translation (                    -- ids of a CPO, and what a hub calls them towards eMSPs
    seq      {SERIAL},
    kind     TEXT NOT NULL,                   -- location, evse, connector or session
    owner    TEXT NOT NULL,
    original TEXT NOT NULL,
    shown    TEXT NOT NULL,
    UNIQUE (kind, owner, original),
    UNIQUE (kind, shown)
)
"""
_LETTER = """
CREATE TABLE letter (                         -- what is to be sent, once however many are to get it
    id              {SERIAL},
    recipients      {JSON},                   -- their numbers, until each has a delivery of its own; then NULL
    lane            TEXT NOT NULL,
    policy          TEXT NOT NULL,            -- fifo, latest or once
    about           TEXT NOT NULL,            -- for people, and of latest the object: cdrs FR*ABC 4711
    operation       TEXT NOT NULL,            -- emsp.sessions.put_session
    arguments       TEXT NOT NULL,            -- JSON: path parameters by Python name
    url             TEXT,                     -- where the peer handed one out
    body            {BYTES} NOT NULL,
    whole_operation TEXT,                     -- of a PATCH: the PUT that says the same and more
    whole           {BYTES},
    replaces        SMALLINT NOT NULL,        -- says all there is to say about its object, if need be by `whole`
    covers          SMALLINT NOT NULL,        -- and about whatever else is waiting in its lane
    correlation_id  TEXT,
    made            BIGINT NOT NULL
)
"""
_DELIVERY = """
CREATE TABLE delivery (                       -- a letter to one partner; what was delivered is deleted
    seq        {SERIAL},
    partner    BIGINT NOT NULL REFERENCES partner (id),
    lane       TEXT NOT NULL,                 -- within a lane one is sent after the other, in order
    letter     BIGINT NOT NULL REFERENCES letter (id),
    policy     TEXT NOT NULL,
    about      TEXT NOT NULL,
    whole      SMALLINT NOT NULL,             -- 1: what is sent is the `whole` of the letter
    state      TEXT NOT NULL,                 -- waiting or parked
    reason     TEXT,                          -- of the latest failure
    attempts   BIGINT NOT NULL DEFAULT 0,     -- that failed
    unanswered BIGINT NOT NULL DEFAULT 0,     -- those of them that found nobody who would answer
    made       BIGINT NOT NULL
)
"""
_DELIVERY_LANE = """
CREATE TABLE delivery_lane (                  -- there is one as long as a delivery waits in it
    id         {SERIAL},
    partner    BIGINT NOT NULL REFERENCES partner (id),
    lane       TEXT NOT NULL,
    urgent     SMALLINT NOT NULL,             -- does not mind the pause of its partner
    not_before BIGINT NOT NULL,
    claimed_by TEXT NOT NULL DEFAULT '',      -- the worker that sends its first delivery
    sending    BIGINT,                        -- which is this one
    UNIQUE (partner, lane)
)
"""
_DELIVERY_PAUSE = """
CREATE TABLE delivery_pause (                 -- partners that did not answer
    partner      BIGINT PRIMARY KEY REFERENCES partner (id),
    outages      BIGINT NOT NULL,             -- attempts in a row
    paused_until BIGINT NOT NULL
)
"""
_PULL = """
CREATE TABLE pull (
    partner    BIGINT NOT NULL REFERENCES partner (id),
    module     TEXT NOT NULL,
    due        BIGINT NOT NULL,
    every      BIGINT NOT NULL,               -- microseconds; 0: on demand
    since      BIGINT,                        -- seconds: date_from of the next pull; NULL: everything
    started    BIGINT,                        -- of the pull under way
    next_url   TEXT,                          -- where the pull under way goes on
    claimed_by TEXT,
    pulled     BIGINT NOT NULL DEFAULT 0,     -- objects of the latest pull
    rejected   BIGINT NOT NULL DEFAULT 0,
    outcome    TEXT NOT NULL DEFAULT '',
    PRIMARY KEY (partner, module)
)
"""
_WORKER = """
CREATE TABLE worker (
    name TEXT PRIMARY KEY,
    seen BIGINT NOT NULL                      -- what it claimed is free again when this is long ago
)
"""
_MESSAGE = """
CREATE TABLE message (
    seq              {SERIAL},
    made             BIGINT NOT NULL,
    direction        TEXT NOT NULL,           -- in or out
    party            TEXT NOT NULL,           -- the other side, where it is known
    module           TEXT NOT NULL,
    operation        TEXT NOT NULL,
    verb             TEXT NOT NULL,
    url              TEXT NOT NULL,
    object_id        TEXT NOT NULL,
    authorization_id TEXT NOT NULL,
    request_id       TEXT NOT NULL,
    correlation_id   TEXT NOT NULL,
    http_status      BIGINT NOT NULL,         -- 0: no answer
    status_code      BIGINT NOT NULL,         -- 0: no envelope
    microseconds     BIGINT NOT NULL,
    request          {BYTES} NOT NULL,
    answer           {BYTES} NOT NULL
)
"""
_KEPT_SETTING = """
CREATE TABLE kept_setting (                   -- what the server was last started with, for the command line
    name  TEXT PRIMARY KEY,
    value TEXT NOT NULL                       -- JSON
)
"""
_INDEXES = (
    "CREATE INDEX credential_partner ON credential (partner, seq)",
    # Whatever a list is filtered by stands in the index: the pages of a crawl pass by what does not match, unread.
    "CREATE INDEX object_page ON object (module, seq, changed, owner, gone)",
    "CREATE INDEX object_changed ON object (module, changed, owner, gone, seq)",
    "CREATE INDEX object_id ON object (module, id)",
    "CREATE INDEX object_shown ON object (module, shown_id)",
    "CREATE INDEX object_recipient ON object (module, recipient, seq, changed, owner) WHERE recipient IS NOT NULL",
    "CREATE INDEX object_received ON object (module, recipient, changed, owner, seq) WHERE recipient IS NOT NULL",
    "CREATE INDEX object_contract ON object (module, contract) WHERE contract IS NOT NULL",
    "CREATE INDEX object_authorization ON object (authorization_id) WHERE authorization_id IS NOT NULL",
    "CREATE INDEX letter_new ON letter (id) WHERE recipients IS NOT NULL",
    "CREATE INDEX delivery_order ON delivery (partner, lane, state, seq)",
    "CREATE INDEX delivery_letter ON delivery (letter)",
    "CREATE INDEX delivery_lane_due ON delivery_lane (claimed_by, urgent, partner, not_before)",
    "CREATE INDEX delivery_lane_urgent ON delivery_lane (claimed_by, not_before) WHERE urgent = 1",
    "CREATE INDEX agreement_by_emsp ON agreement (emsp, cpo)",
    "CREATE INDEX authorization_by_id ON authorization_given (authorization_id)",
    "CREATE INDEX command_open ON command (deadline) WHERE result IS NULL",
    "CREATE INDEX message_made ON message (made)",
    "CREATE INDEX message_party ON message (party, seq)",
    "CREATE INDEX message_correlation ON message (correlation_id)",
    "CREATE INDEX message_object ON message (object_id) WHERE object_id <> ''",
    "CREATE INDEX message_authorization ON message (authorization_id) WHERE authorization_id <> ''",
)

FIRST: Sequence[str] = (
    _PARTNER,
    _CREDENTIAL,
    _OBJECT,
    _KEPT_ASIDE,
    _AUTHORIZATION,
    _COMMAND,
    _AGREEMENT,
    _TRANSLATION,
    _LETTER,
    _DELIVERY,
    _DELIVERY_LANE,
    _DELIVERY_PAUSE,
    _PULL,
    _WORKER,
    _MESSAGE,
    _KEPT_SETTING,
    *_INDEXES,
)
"""What makes the first edition. `{SERIAL}`, `{BYTES}` and `{JSON}` are called differently by the two databases."""
