-- What the sweep does to a batch of due plan subscriptions, written by hand as one function: claim, next boundary,
-- period, move on, entry, message in the inbox, letter. To be measured against, never to be used.
CREATE FUNCTION renew_id(at timestamptz, nth bigint) RETURNS uuid LANGUAGE sql AS $$
  SELECT (lpad(to_hex((extract(epoch FROM at) * 1000)::bigint), 12, '0') || '7' || lpad(to_hex(nth % 4096), 3, '0') || '8'
          || substr(md5(random()::text), 1, 15))::uuid
$$;

CREATE FUNCTION renew_batch(at timestamptz, most integer) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE done bigint;
BEGIN
  WITH due AS (
    SELECT s.*, b.name, b.zone, p.name AS plan, p.price_minor, p.currency, p.cycle_unit, p.cycle_count,
           row_number() OVER () AS nth
    FROM (SELECT * FROM plan_subscriptions WHERE ended_at IS NULL AND period_ends_at <= at
            AND NOT EXISTS (SELECT FROM worker_failures f WHERE f.job = 'plan_periods'
                            AND f.business_id = plan_subscriptions.business_id AND f.next_attempt_at > at)
          ORDER BY period_ends_at, business_id LIMIT most FOR UPDATE SKIP LOCKED) s
    JOIN businesses b ON b.id = s.business_id JOIN plans p ON p.id = s.plan_id),
  step AS (
    SELECT due.*, (anchor_on + make_interval(months => (cycle_index + 2) * cycle_count))::timestamp AT TIME ZONE zone AS next_ends_at
    FROM due),
  periods AS (
    INSERT INTO plan_periods (business_id, starts_at, cycle_starts_at, ends_at, plan_id, due_minor, currency, recorded_at)
    SELECT business_id, period_ends_at, period_ends_at, next_ends_at, plan_id, price_minor, currency, at FROM step),
  moved AS (
    UPDATE plan_subscriptions s
    SET cycle_index = s.cycle_index + 1, cycle_starts_at = step.period_ends_at, period_starts_at = step.period_ends_at,
        period_ends_at = step.next_ends_at, next_plan_id = NULL
    FROM step WHERE s.business_id = step.business_id),
  entries AS (
    INSERT INTO audit_entries (id, business_id, parse_id, at, actor_kind, action, object_kind, object_id, object_label, said, changes, origin, outcome)
    SELECT renew_id(at, nth), business_id, substr(md5(random()::text), 1, 10), at, 'worker', 'plan.renewed', 'business', business_id, name,
           'renewed the plan ' || plan,
           jsonb_build_array(
             jsonb_build_object('field', 'Cycle', 'before', NULL, 'after', period_ends_at::date || ' to ' || (next_ends_at::date - 1)),
             jsonb_build_object('field', 'Due', 'before', NULL, 'after', '$' || price_minor / 100.0)),
           'worker', 'done'
    FROM step),
  owners AS (
    SELECT m.business_id, m.id AS member_id, m.email, m.name AS owner, step.name, step.plan, step.price_minor,
           step.period_ends_at, step.next_ends_at, step.nth
    FROM step JOIN members m ON m.business_id = step.business_id AND m.role = 'owner' AND m.status = 'active'),
  messages AS (
    INSERT INTO notifications (business_id, id, parse_id, member_id, kind, told, created_at)
    SELECT business_id, renew_id(at, nth), substr(md5(random()::text), 1, 10), member_id, 'plan_renewed',
           jsonb_build_object('about', plan, 'on', (next_ends_at::date - 1)::text), at
    FROM owners WHERE NOT EXISTS (SELECT FROM notification_preferences p WHERE p.business_id = owners.business_id
                                  AND p.member_id = owners.member_id AND p.kind = 'plan_renewed' AND NOT p.inbox)),
  told AS (
    INSERT INTO letters (id, business_id, kind, to_email, to_name, details, dedupe_key, state, attempts, due_at, created_at, carries_key)
    SELECT renew_id(at, nth), business_id, 'plan_renewed', email, owner,
           jsonb_build_object('business', name, 'business_id', business_id, 'plan', plan,
                              'until', (next_ends_at::date - 1)::text, 'due', '$' || price_minor / 100.0),
           'plan:' || business_id || ':' || extract(epoch FROM period_ends_at) || ':' || email, 'waiting', 0, at, at, false
    FROM owners WHERE NOT EXISTS (SELECT FROM notification_preferences p WHERE p.business_id = owners.business_id
                                  AND p.member_id = owners.member_id AND p.kind = 'plan_renewed' AND NOT p.letter)
    ON CONFLICT DO NOTHING),
  forgiven AS (
    DELETE FROM worker_failures f USING step WHERE f.job = 'plan_periods' AND f.business_id = step.business_id)
  SELECT count(*) INTO done FROM step;
  RETURN done;
END $$;
