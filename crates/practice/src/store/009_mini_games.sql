-- Mini-games, whose interface and prices are other rows of the tariff.
ALTER TABLE mini_programs ADD COLUMN kind TEXT NOT NULL DEFAULT 'mini_program'
  CHECK (kind IN ('mini_program', 'mini_game'));
