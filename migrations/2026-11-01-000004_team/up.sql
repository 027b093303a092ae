CREATE TABLE members (
  business_id uuid NOT NULL REFERENCES businesses,
  id uuid NOT NULL,
  parse_id char(10) NOT NULL,
  user_id uuid REFERENCES users,                     -- none: a person of the directory without a sign-in
  name text NOT NULL,
  name_folded text NOT NULL,
  email text NOT NULL,
  email_folded text NOT NULL,
  role text CHECK (role IN ('owner', 'admin', 'auditor', 'user')),
  status text NOT NULL CHECK (status IN ('directory', 'invited', 'active', 'deactivated', 'left')),
  department text NOT NULL,
  manager_id uuid,
  joined_on date,
  left_on date,                                      -- the last day, which still counts
  created_at timestamptz NOT NULL,
  last_seen_at timestamptz,
  PRIMARY KEY (business_id, id),
  CONSTRAINT one_member_per_address UNIQUE (business_id, email_folded),
  CONSTRAINT one_member_per_user UNIQUE (business_id, user_id),
  UNIQUE (business_id, parse_id),
  FOREIGN KEY (business_id, manager_id) REFERENCES members ON DELETE SET NULL (manager_id),
  CHECK (status <> 'active' OR (user_id IS NOT NULL AND role IS NOT NULL)),
  CHECK (manager_id <> id)
);
CREATE INDEX members_of_user ON members (user_id);
CREATE INDEX members_by_name ON members (business_id, name_folded, id);
CREATE INDEX members_of_manager ON members (business_id, manager_id);
CREATE INDEX members_of_team ON members (business_id, status) WHERE user_id IS NOT NULL;

CREATE TABLE invitations (
  business_id uuid NOT NULL REFERENCES businesses,
  id uuid NOT NULL,
  member_id uuid NOT NULL,
  invited_by uuid NOT NULL,
  role text NOT NULL CHECK (role IN ('owner', 'admin', 'auditor', 'user')),
  message text NOT NULL,
  key_hash bytea NOT NULL UNIQUE CHECK (octet_length(key_hash) = 32),
  state text NOT NULL CHECK (state IN ('pending', 'accepted', 'withdrawn', 'expired')),
  created_at timestamptz NOT NULL,
  sent_at timestamptz NOT NULL,
  expires_at timestamptz NOT NULL,
  ended_at timestamptz,
  PRIMARY KEY (business_id, id),
  FOREIGN KEY (business_id, member_id) REFERENCES members,
  FOREIGN KEY (business_id, invited_by) REFERENCES members,
  CHECK ((state = 'pending') = (ended_at IS NULL))
);
CREATE UNIQUE INDEX one_pending_invitation ON invitations (business_id, member_id) WHERE state = 'pending';
CREATE INDEX invitations_by_inviter ON invitations (business_id, invited_by);
