-- How a person wants pages to look, and to answer to keys.
ALTER TABLE users
  ADD COLUMN theme text CHECK (theme IN ('light', 'dark')),  -- none: as their system does
  ADD COLUMN shortcuts boolean NOT NULL DEFAULT true;        -- whether single keys are shortcuts
