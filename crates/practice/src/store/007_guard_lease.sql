-- Which computer of a shop guards: one at a time, until its lease ends.
CREATE TABLE guard_leases (
  app_id TEXT PRIMARY KEY REFERENCES shops (app_id),
  holder TEXT NOT NULL,
  label  TEXT NOT NULL,
  until  INTEGER NOT NULL
) STRICT;
