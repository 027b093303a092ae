ALTER TABLE licenses
  ADD COLUMN retired_at timestamptz,                 -- since when nobody can hold it any more
  ADD COLUMN expiry_told_on date,                    -- the last day whose passing is on the trail
  ADD COLUMN last_used_at timestamptz,               -- by whoever holds it now; none: unknown
  ADD COLUMN last_used_source text CHECK (last_used_source IN ('usage', 'import', 'hand')),
  ADD CONSTRAINT last_use_has_a_source CHECK ((last_used_at IS NULL) = (last_used_source IS NULL));
UPDATE licenses SET retired_at = created_at WHERE state = 'retired';
ALTER TABLE licenses ADD CONSTRAINT retired_since CHECK ((state = 'retired') = (retired_at IS NOT NULL));
CREATE INDEX expiring_licenses ON licenses (expires_on)
  WHERE expires_on IS NOT NULL AND state = 'open' AND expiry_told_on IS DISTINCT FROM expires_on;

ALTER TABLE assignments
  ADD COLUMN expires_on date,                        -- the last day it had when it ended; while open the license has it
  ADD CONSTRAINT last_day_of_what_ended CHECK (expires_on IS NULL OR ended_at IS NOT NULL);
