-- A message to one member, shown in their inbox.
CREATE TABLE notifications (
  business_id uuid NOT NULL REFERENCES businesses,
  id uuid NOT NULL,
  parse_id char(10) NOT NULL,
  member_id uuid NOT NULL,                           -- whose inbox
  kind text NOT NULL,                                -- one of the kinds in the code
  object_id uuid,                                    -- what it leads to; of what kind, the kind tells
  told jsonb NOT NULL,                               -- the names and dates of its words, as they were then
  created_at timestamptz NOT NULL,
  read_at timestamptz,
  PRIMARY KEY (business_id, id),
  UNIQUE (business_id, parse_id),
  FOREIGN KEY (business_id, member_id) REFERENCES members ON DELETE CASCADE
);
CREATE INDEX notifications_of_member ON notifications (business_id, member_id, id);
CREATE INDEX unread_notifications ON notifications (business_id, member_id, id) WHERE read_at IS NULL;
-- For the worker, which takes out what is old.
CREATE INDEX notifications_by_age ON notifications (created_at);

-- How a member wants to be told of one kind, where that is not as usual.
CREATE TABLE notification_preferences (
  business_id uuid NOT NULL REFERENCES businesses,
  member_id uuid NOT NULL,
  kind text NOT NULL,
  inbox boolean NOT NULL,
  letter boolean NOT NULL,
  PRIMARY KEY (business_id, member_id, kind),
  FOREIGN KEY (business_id, member_id) REFERENCES members ON DELETE CASCADE
);
