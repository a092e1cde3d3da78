-- Bulk purchase (集采): a provider's orders, and what became of each allocation.
CREATE TABLE bulk_orders (
  id         TEXT PRIMARY KEY,
  provider   TEXT NOT NULL REFERENCES agents (app_id),
  sku_id     INTEGER NOT NULL,
  capability TEXT NOT NULL CHECK (capability IN ('quick', 'realtime')),
  count      INTEGER NOT NULL CHECK (count > 0),
  calls      INTEGER NOT NULL CHECK (calls > 0),
  days       INTEGER NOT NULL CHECK (days > 0),
  price      TEXT NOT NULL,
  package    TEXT NOT NULL UNIQUE,
  created_at INTEGER NOT NULL,
  paid_at    INTEGER,
  invoice_at INTEGER
) STRICT;
CREATE INDEX bulk_orders_by_provider ON bulk_orders (provider, capability, created_at);

-- An allocation is asked for, and done once it is due; so is its cancellation. `result` is what the event says: 0 is
-- done, anything else not.
CREATE TABLE assignments (
  order_id      TEXT NOT NULL REFERENCES bulk_orders (id),
  request_id    TEXT NOT NULL,
  sku_id        INTEGER NOT NULL,
  receiver      TEXT NOT NULL REFERENCES mini_programs (app_id),
  calls         INTEGER NOT NULL CHECK (calls > 0),
  days          INTEGER NOT NULL CHECK (days > 0),
  asked_at      INTEGER NOT NULL,
  due_at        INTEGER NOT NULL,
  told_twice    INTEGER NOT NULL DEFAULT 0,
  lot           TEXT UNIQUE REFERENCES billing_events (id),
  done_at       INTEGER,
  cancel_due_at INTEGER,
  cancelled_at  INTEGER,
  PRIMARY KEY (order_id, request_id)
) STRICT;
CREATE INDEX assignments_due ON assignments (due_at) WHERE done_at IS NULL;
CREATE INDEX cancellations_due ON assignments (cancel_due_at)
  WHERE cancel_due_at IS NOT NULL AND cancelled_at IS NULL;

-- Why a provider may allocate to a mini-program, apart from an authorisation.
CREATE TABLE relations (
  provider TEXT NOT NULL REFERENCES agents (app_id),
  app_id   TEXT NOT NULL,
  way      TEXT NOT NULL CHECK (way IN ('custom_ticket', 'same_subject', 'open_platform')),
  PRIMARY KEY (provider, app_id)
) STRICT;
INSERT INTO relations (provider, app_id, way) VALUES
  ('wxfacade00000000a1', 'wxfacade0000000001', 'same_subject'),
  ('wxfacade00000000a1', 'wxfacade0000000002', 'open_platform');
