-- Numbers of members were stored as they were typed. The migration's hook replaces those that are there by the ids that the
-- interface hands out and by the numbers with their middle hidden.
ALTER TABLE sign_ups ADD COLUMN member_id TEXT;
ALTER TABLE sign_ups ADD COLUMN phone_masked TEXT;
