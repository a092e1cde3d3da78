-- Where events go (消息推送). Token and key are kept as they are: events are signed with them.
CREATE TABLE push_addresses (
  app_id  TEXT PRIMARY KEY,
  url     TEXT NOT NULL,
  token   TEXT NOT NULL,
  aes_key TEXT,
  mode    TEXT NOT NULL CHECK (mode IN ('plain', 'compatible', 'secure')),
  format  TEXT NOT NULL CHECK (format IN ('json', 'xml')),
  CHECK (mode = 'plain' OR aes_key IS NOT NULL)
) STRICT;

-- Events in their order. `outcome` is missing until the address took it or every try failed.
CREATE TABLE pushes (
  seq     INTEGER PRIMARY KEY,
  app_id  TEXT NOT NULL,
  at      INTEGER NOT NULL,
  event   TEXT NOT NULL,
  tries   INTEGER NOT NULL DEFAULT 0,
  outcome TEXT CHECK (outcome IN ('delivered', 'failed', 'no_address'))
) STRICT;
CREATE INDEX pushes_waiting ON pushes (seq) WHERE outcome IS NULL;

-- What was told of an account's product, so that each crossing is told once.
CREATE TABLE push_told (
  app_id     TEXT NOT NULL,
  capability TEXT NOT NULL,
  told       TEXT NOT NULL,
  PRIMARY KEY (app_id, capability)
) STRICT;
