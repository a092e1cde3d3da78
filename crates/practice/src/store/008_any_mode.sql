-- Modes of obtaining numbers are checked where rows are read, so that a new one needs no new columns.
ALTER TABLE shops ADD COLUMN mode_of_now TEXT NOT NULL DEFAULT 'authorized';
UPDATE shops SET mode_of_now = mode;
ALTER TABLE shops DROP COLUMN mode;
ALTER TABLE shops RENAME COLUMN mode_of_now TO mode;

ALTER TABLE mode_changes ADD COLUMN mode_of_now TEXT NOT NULL DEFAULT 'authorized';
UPDATE mode_changes SET mode_of_now = mode;
ALTER TABLE mode_changes DROP COLUMN mode;
ALTER TABLE mode_changes RENAME COLUMN mode_of_now TO mode;

ALTER TABLE sign_ups ADD COLUMN way_of_now TEXT NOT NULL DEFAULT 'authorized';
UPDATE sign_ups SET way_of_now = way;
ALTER TABLE sign_ups DROP COLUMN way;
ALTER TABLE sign_ups RENAME COLUMN way_of_now TO way;
