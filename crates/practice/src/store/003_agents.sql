-- Who acts for mini-programs: service providers buy in bulk, third-party platforms are authorised.
CREATE TABLE agents (
  app_id      TEXT PRIMARY KEY,
  kind        TEXT NOT NULL CHECK (kind IN ('provider', 'platform')),
  name        TEXT NOT NULL,
  secret_hash TEXT,
  -- component_verify_ticket of a third-party platform
  ticket_hash TEXT
) STRICT;
INSERT INTO agents (app_id, kind, name) VALUES
  ('wxfacade00000000a1', 'provider', '体验服务商'),
  ('wxfacade00000000c1', 'platform', '体验第三方平台');

CREATE TABLE authorisations (
  agent              TEXT NOT NULL REFERENCES agents (app_id),
  app_id             TEXT NOT NULL REFERENCES mini_programs (app_id),
  permission_sets    TEXT NOT NULL,
  refresh_token_hash TEXT NOT NULL,
  PRIMARY KEY (agent, app_id)
) STRICT;

-- Agents have tokens, too, and hold tokens of mini-programs.
CREATE TABLE tokens_of_all (
  token      TEXT PRIMARY KEY,
  app_id     TEXT NOT NULL,
  kind       TEXT NOT NULL CHECK (kind IN ('plain', 'stable', 'platform', 'authorised')),
  agent      TEXT REFERENCES agents (app_id),
  issued_at  INTEGER NOT NULL,
  expires_at INTEGER NOT NULL,
  superseded INTEGER NOT NULL DEFAULT 0,
  CHECK ((kind = 'authorised') = (agent IS NOT NULL))
) STRICT;
INSERT INTO tokens_of_all (token, app_id, kind, issued_at, expires_at, superseded)
  SELECT token, app_id, kind, issued_at, expires_at, superseded FROM tokens;
DROP TABLE tokens;
ALTER TABLE tokens_of_all RENAME TO tokens;
CREATE INDEX tokens_by_account ON tokens (app_id, kind, expires_at);

-- What keeps an account's calls out, apart from its secret. No row: nothing does.
CREATE TABLE guards (
  app_id        TEXT PRIMARY KEY,
  ip_whitelist  TEXT,
  secret_frozen INTEGER NOT NULL DEFAULT 0,
  frozen_set_at INTEGER NOT NULL DEFAULT 0,
  restriction   TEXT CHECK (restriction IN ('frozen', 'tokens_forbidden'))
) STRICT;

-- What calls that were refused had asked.
CREATE TABLE rids (
  rid           TEXT PRIMARY KEY,
  app_id        TEXT,
  at            INTEGER NOT NULL,
  cost_ms       INTEGER NOT NULL,
  request_url   TEXT NOT NULL,
  request_body  TEXT NOT NULL,
  response_body TEXT NOT NULL,
  client_ip     TEXT NOT NULL
) STRICT;
CREATE INDEX rids_by_time ON rids (at);

-- Chances used to clear call counters.
CREATE TABLE quota_clears (
  app_id TEXT NOT NULL,
  scope  TEXT NOT NULL CHECK (scope IN ('all', 'one')),
  at     INTEGER NOT NULL
) STRICT;
CREATE INDEX quota_clears_by_account ON quota_clears (app_id, scope, at);
