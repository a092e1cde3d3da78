-- What stands in the way of the component besides quota, cards counted as they are issued, sign-up records as the
-- member-card interface hands them out, invoices, and customers who come by themselves.

ALTER TABLE mini_programs ADD COLUMN standing TEXT NOT NULL DEFAULT 'good'
  CHECK (standing IN ('good', 'no_permission', 'blocked'));
ALTER TABLE mini_programs ADD COLUMN privacy_declared INTEGER NOT NULL DEFAULT 1;

ALTER TABLE shops RENAME COLUMN cards_before TO cards_issued;
UPDATE shops SET cards_issued = cards_issued
  + (SELECT count(*) FROM sign_ups u WHERE u.app_id = shops.app_id AND u.card_number IS NOT NULL);

ALTER TABLE sign_ups ADD COLUMN outcome TEXT NOT NULL DEFAULT 'number_not_fetched'
  CHECK (outcome IN ('card_issued', 'already_member', 'number_not_fetched', 'no_cards_left'));
UPDATE sign_ups SET outcome = CASE
  WHEN phone IS NULL THEN 'number_not_fetched'
  WHEN card_number IS NOT NULL THEN 'card_issued'
  WHEN EXISTS (SELECT 1 FROM sign_ups c
               WHERE c.app_id = sign_ups.app_id AND c.phone = sign_ups.phone AND c.card_number IS NOT NULL)
    THEN 'already_member'
  ELSE 'no_cards_left' END;
ALTER TABLE sign_ups ADD COLUMN component TEXT CHECK (component IN ('quick', 'realtime'));
UPDATE sign_ups SET component = 'quick' WHERE way = 'authorized';
ALTER TABLE sign_ups ADD COLUMN program_version TEXT NOT NULL DEFAULT 'release'
  CHECK (program_version IN ('release', 'trial', 'develop'));
CREATE INDEX sign_ups_in_order ON sign_ups (app_id);
CREATE INDEX sign_ups_by_time ON sign_ups (app_id, at);
CREATE INDEX sign_ups_by_customer ON sign_ups (app_id, customer);

ALTER TABLE orders ADD COLUMN refund_reason TEXT;

-- One invoice for an order; when it is issued follows from when it was asked for.
CREATE TABLE invoices (
  order_id     TEXT PRIMARY KEY REFERENCES orders (id),
  kind         TEXT NOT NULL CHECK (kind IN ('ordinary', 'special')),
  title        TEXT NOT NULL,
  tax_number   TEXT,
  deliver_to   TEXT NOT NULL,
  requested_at INTEGER NOT NULL,
  CHECK (kind = 'ordinary' OR tax_number IS NOT NULL)
) STRICT;

-- Customers who come by themselves. `done_until` moves in the transaction that records them, so none comes twice.
CREATE TABLE traffic (
  app_id         TEXT PRIMARY KEY REFERENCES shops (app_id),
  per_hour       INTEGER NOT NULL CHECK (per_hour BETWEEN 1 AND 1000),
  refuse_percent INTEGER NOT NULL CHECK (refuse_percent BETWEEN 0 AND 100),
  repeat_percent INTEGER NOT NULL CHECK (repeat_percent BETWEEN 0 AND 100),
  done_until     INTEGER NOT NULL
) STRICT;
