-- Instants are seconds since 1970 in practice time, unless a column says otherwise. Money is text with two decimals.

CREATE TABLE platform (
  name  TEXT PRIMARY KEY,
  value INTEGER NOT NULL
) STRICT;

CREATE TABLE mini_programs (
  app_id        TEXT PRIMARY KEY,
  position      INTEGER NOT NULL UNIQUE,
  name          TEXT NOT NULL UNIQUE,
  shop          TEXT NOT NULL,
  subject       TEXT NOT NULL,
  category      TEXT NOT NULL,
  created_at    INTEGER NOT NULL,
  login_email   TEXT UNIQUE COLLATE NOCASE,
  password_hash TEXT,
  secret_hash   TEXT,
  secret_set_at INTEGER,
  CHECK ((login_email IS NULL) = (password_hash IS NULL)),
  CHECK ((secret_hash IS NULL) = (secret_set_at IS NULL))
) STRICT;

-- What happened to accounts. Only ever appended to; the state of every account is replayed from here.
CREATE TABLE billing_events (
  seq        INTEGER PRIMARY KEY,
  id         TEXT NOT NULL UNIQUE,
  app_id     TEXT NOT NULL REFERENCES mini_programs (app_id),
  capability TEXT NOT NULL CHECK (capability IN ('quick', 'realtime')),
  at         INTEGER NOT NULL,
  kind       TEXT NOT NULL CHECK (kind IN ('purchase', 'allocate', 'use', 'refund')),
  calls      INTEGER CHECK (calls > 0),
  days       INTEGER CHECK (days > 0),
  price      TEXT,
  lot        TEXT
) STRICT;
CREATE INDEX billing_events_by_account ON billing_events (app_id, capability, kind, at);

-- `record` is the order as the billing core keeps it: what was ordered and every transition since.
CREATE TABLE orders (
  id         TEXT PRIMARY KEY,
  app_id     TEXT NOT NULL REFERENCES mini_programs (app_id),
  sku_id     INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  record     TEXT NOT NULL,
  lot        TEXT UNIQUE REFERENCES billing_events (id)
) STRICT;
CREATE INDEX orders_by_program ON orders (app_id, created_at);

CREATE TABLE tokens (
  token      TEXT PRIMARY KEY,
  app_id     TEXT NOT NULL REFERENCES mini_programs (app_id),
  kind       TEXT NOT NULL CHECK (kind IN ('plain', 'stable')),
  issued_at  INTEGER NOT NULL,
  expires_at INTEGER NOT NULL,
  superseded INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX tokens_by_program ON tokens (app_id, kind, expires_at);

CREATE TABLE forced_refreshes (
  app_id TEXT NOT NULL,
  at     INTEGER NOT NULL
) STRICT;

-- Console sessions end by the machine's clock: moving practice time forward signs nobody out.
CREATE TABLE sessions (
  id_hash        TEXT PRIMARY KEY,
  stage          TEXT NOT NULL CHECK (stage IN ('password', 'scanned', 'signed_in')),
  app_id         TEXT REFERENCES mini_programs (app_id),
  machine_expiry INTEGER NOT NULL,
  CHECK (stage = 'scanned' OR app_id IS NOT NULL)
) STRICT;

CREATE TABLE failed_sign_ins (
  account_hash TEXT NOT NULL,
  at           INTEGER NOT NULL
) STRICT;

CREATE TABLE phone_codes (
  code_hash    TEXT PRIMARY KEY,
  app_id       TEXT NOT NULL,
  openid       TEXT NOT NULL,
  phone        TEXT NOT NULL,
  issued_at    INTEGER NOT NULL,
  exchanged_at INTEGER
) STRICT;

CREATE TABLE shops (
  app_id          TEXT PRIMARY KEY REFERENCES mini_programs (app_id),
  mode            TEXT NOT NULL CHECK (mode IN ('authorized', 'manual')),
  mode_changed_at INTEGER NOT NULL,
  card_quota      INTEGER NOT NULL,
  cards_before    INTEGER NOT NULL,
  sms_balance     INTEGER NOT NULL,
  key_hash        TEXT UNIQUE
) STRICT;

CREATE TABLE mode_changes (
  seq        INTEGER PRIMARY KEY,
  app_id     TEXT NOT NULL REFERENCES shops (app_id),
  request_id TEXT,
  at         INTEGER NOT NULL,
  mode       TEXT NOT NULL CHECK (mode IN ('authorized', 'manual')),
  reason     TEXT NOT NULL,
  answer     TEXT,
  UNIQUE (app_id, request_id)
) STRICT;

CREATE TABLE sign_ups (
  seq         INTEGER PRIMARY KEY,
  app_id      TEXT NOT NULL REFERENCES shops (app_id),
  at          INTEGER NOT NULL,
  customer    INTEGER NOT NULL,
  way         TEXT NOT NULL CHECK (way IN ('authorized', 'manual')),
  phone       TEXT,
  card_number TEXT,
  event_id    TEXT REFERENCES billing_events (id)
) STRICT;
CREATE INDEX sign_ups_by_phone ON sign_ups (app_id, phone);
