-- E-mail addresses were stored as they were typed. The migration's hook replaces those that are there by their hashes.
ALTER TABLE mini_programs RENAME COLUMN login_email TO login_email_hash;
INSERT INTO platform (name, value) VALUES ('email_salt', random());
