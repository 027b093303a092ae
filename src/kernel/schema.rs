// @generated automatically by Diesel CLI.

pub mod sql_types {
    #[derive(diesel::sql_types::SqlType)]
    #[diesel(postgres_type(name = "xid8", schema = "pg_catalog"))]
    pub struct Xid8;
}

diesel::table! {
    api_keys (business_id, id) {
        business_id -> Uuid,
        id -> Uuid,
        name -> Text,
        kind -> Text,
        scopes -> Array<Nullable<Text>>,
        key_hash -> Bytea,
        last4 -> Text,
        created_at -> Timestamptz,
        expires_on -> Date,
        last_used_at -> Nullable<Timestamptz>,
        revoked_at -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    assignments (business_id, id) {
        business_id -> Uuid,
        id -> Uuid,
        license_id -> Uuid,
        subscription_id -> Uuid,
        member_id -> Uuid,
        given_at -> Timestamptz,
        ended_at -> Nullable<Timestamptz>,
        expires_on -> Nullable<Date>,
    }
}

diesel::table! {
    attempts (key_hash) {
        key_hash -> Bytea,
        tries -> Int4,
        since -> Timestamptz,
        until -> Timestamptz,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use super::sql_types::Xid8;

    audit_entries (id) {
        id -> Uuid,
        business_id -> Uuid,
        #[max_length = 10]
        parse_id -> Bpchar,
        at -> Timestamptz,
        actor_kind -> Text,
        actor_member_id -> Nullable<Uuid>,
        actor_other_id -> Nullable<Uuid>,
        action -> Text,
        object_kind -> Text,
        object_id -> Uuid,
        object_label -> Text,
        said -> Text,
        changes -> Jsonb,
        origin -> Text,
        outcome -> Text,
        request_id -> Nullable<Uuid>,
        address -> Nullable<Text>,
        xid -> Xid8,
        epoch -> Int4,
        support_session_id -> Nullable<Uuid>,
    }
}

diesel::table! {
    businesses (id) {
        id -> Uuid,
        name -> Text,
        #[max_length = 3]
        currency -> Bpchar,
        zone -> Text,
        locale -> Text,
        application_id -> Text,
        status -> Text,
        created_at -> Timestamptz,
        support_access -> Text,
        require_two_factor -> Bool,
        client_sign_up -> Bool,
        checked_at -> Nullable<Timestamptz>,
        closes_at -> Nullable<Timestamptz>,
        suspended_because -> Nullable<Text>,
        cancel_by_steps -> Array<Nullable<Int4>>,
        renewal_steps -> Array<Nullable<Int4>>,
    }
}

diesel::table! {
    calendar_feeds (business_id, member_id) {
        business_id -> Uuid,
        member_id -> Uuid,
        key_hash -> Bytea,
        made_at -> Timestamptz,
        read_at -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    charges (business_id, id) {
        business_id -> Uuid,
        id -> Uuid,
        subscription_id -> Uuid,
        starts_on -> Date,
        covers_to -> Nullable<Date>,
        amount_minor -> Int8,
        #[max_length = 3]
        currency -> Bpchar,
        estimated -> Bool,
        recorded_at -> Timestamptz,
    }
}

diesel::table! {
    devices (token_hash) {
        token_hash -> Bytea,
        user_id -> Uuid,
        created_at -> Timestamptz,
        expires_at -> Timestamptz,
    }
}

diesel::table! {
    email_changes (key_hash) {
        key_hash -> Bytea,
        user_id -> Uuid,
        old_email_folded -> Text,
        new_email -> Text,
        created_at -> Timestamptz,
        expires_at -> Timestamptz,
        used_at -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    import_progress (business_id, import_id) {
        business_id -> Uuid,
        import_id -> Uuid,
        done_rows -> Int4,
        all_rows -> Int4,
    }
}

diesel::table! {
    imports (business_id, id) {
        business_id -> Uuid,
        id -> Uuid,
        kind -> Text,
        file_name -> Text,
        content -> Nullable<Bytea>,
        mapping -> Jsonb,
        state -> Text,
        created_rows -> Nullable<Int4>,
        updated_rows -> Nullable<Int4>,
        unchanged_rows -> Nullable<Int4>,
        refused_rows -> Nullable<Int4>,
        created_by -> Uuid,
        created_at -> Timestamptz,
        committed_at -> Nullable<Timestamptz>,
        touched -> Nullable<Jsonb>,
        kept -> Nullable<Jsonb>,
        undone_at -> Nullable<Timestamptz>,
        adds_people -> Bool,
        started_by -> Nullable<Uuid>,
        started_at -> Nullable<Timestamptz>,
        trouble -> Nullable<Text>,
    }
}

diesel::table! {
    invitations (business_id, id) {
        business_id -> Uuid,
        id -> Uuid,
        member_id -> Uuid,
        invited_by -> Uuid,
        role -> Text,
        message -> Text,
        key_hash -> Bytea,
        state -> Text,
        created_at -> Timestamptz,
        sent_at -> Timestamptz,
        expires_at -> Timestamptz,
        ended_at -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    letters (id) {
        id -> Uuid,
        business_id -> Nullable<Uuid>,
        kind -> Text,
        to_email -> Text,
        to_name -> Text,
        details -> Jsonb,
        key_sealed -> Nullable<Bytea>,
        dedupe_key -> Nullable<Text>,
        state -> Text,
        attempts -> Int4,
        due_at -> Timestamptz,
        created_at -> Timestamptz,
        sent_at -> Nullable<Timestamptz>,
        error -> Nullable<Text>,
        carries_key -> Bool,
    }
}

diesel::table! {
    licenses (business_id, id) {
        business_id -> Uuid,
        id -> Uuid,
        #[max_length = 10]
        parse_id -> Bpchar,
        subscription_id -> Uuid,
        state -> Text,
        key_sealed -> Nullable<Bytea>,
        key_last4 -> Nullable<Text>,
        expires_on -> Nullable<Date>,
        created_at -> Timestamptz,
        retired_at -> Nullable<Timestamptz>,
        expiry_told_on -> Nullable<Date>,
        last_used_at -> Nullable<Timestamptz>,
        last_used_source -> Nullable<Text>,
    }
}

diesel::table! {
    members (business_id, id) {
        business_id -> Uuid,
        id -> Uuid,
        #[max_length = 10]
        parse_id -> Bpchar,
        user_id -> Nullable<Uuid>,
        name -> Text,
        name_folded -> Text,
        email -> Text,
        email_folded -> Text,
        role -> Nullable<Text>,
        status -> Text,
        department -> Text,
        manager_id -> Nullable<Uuid>,
        joined_on -> Nullable<Date>,
        left_on -> Nullable<Date>,
        created_at -> Timestamptz,
        last_seen_at -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    notification_preferences (business_id, member_id, kind) {
        business_id -> Uuid,
        member_id -> Uuid,
        kind -> Text,
        inbox -> Bool,
        letter -> Bool,
    }
}

diesel::table! {
    notifications (business_id, id) {
        business_id -> Uuid,
        id -> Uuid,
        #[max_length = 10]
        parse_id -> Bpchar,
        member_id -> Uuid,
        kind -> Text,
        object_id -> Nullable<Uuid>,
        told -> Jsonb,
        created_at -> Timestamptz,
        read_at -> Nullable<Timestamptz>,
        occasion -> Nullable<Text>,
    }
}

diesel::table! {
    once_answers (key) {
        key -> Bytea,
        answer -> Jsonb,
        at -> Timestamptz,
    }
}

diesel::table! {
    password_resets (key_hash) {
        key_hash -> Bytea,
        user_id -> Uuid,
        created_at -> Timestamptz,
        expires_at -> Timestamptz,
        used_at -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    plan_limits (plan_id, meter) {
        plan_id -> Uuid,
        meter -> Text,
        allowance -> Nullable<Int8>,
        per_cycle -> Bool,
    }
}

diesel::table! {
    plan_overrides (business_id, id) {
        business_id -> Uuid,
        id -> Uuid,
        kind -> Text,
        plan_id -> Nullable<Uuid>,
        meter -> Nullable<Text>,
        amount -> Nullable<Int8>,
        spent -> Int8,
        cycle_starts_at -> Nullable<Timestamptz>,
        expires_on -> Date,
        reason -> Text,
        staff_id -> Uuid,
        given_at -> Timestamptz,
        taken_back_at -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    plan_periods (business_id, starts_at) {
        business_id -> Uuid,
        starts_at -> Timestamptz,
        cycle_starts_at -> Timestamptz,
        ends_at -> Timestamptz,
        plan_id -> Uuid,
        due_minor -> Int8,
        #[max_length = 3]
        currency -> Bpchar,
        recorded_at -> Timestamptz,
    }
}

diesel::table! {
    plan_requests (business_id) {
        business_id -> Uuid,
        plan_id -> Uuid,
        asked_at -> Timestamptz,
    }
}

diesel::table! {
    plan_subscriptions (business_id) {
        business_id -> Uuid,
        plan_id -> Uuid,
        anchor_on -> Date,
        cycle_index -> Int4,
        cycle_starts_at -> Timestamptz,
        period_starts_at -> Timestamptz,
        period_ends_at -> Timestamptz,
        next_plan_id -> Nullable<Uuid>,
        ended_at -> Nullable<Timestamptz>,
        told_of_end -> Nullable<Timestamptz>,
        told_on_last_day -> Bool,
    }
}

diesel::table! {
    plans (id) {
        id -> Uuid,
        code -> Text,
        version -> Int4,
        name -> Text,
        price_minor -> Int8,
        #[max_length = 3]
        currency -> Bpchar,
        cycle_unit -> Text,
        cycle_count -> Int4,
        renews -> Bool,
        public -> Bool,
        audit_days -> Nullable<Int4>,
        current -> Bool,
    }
}

diesel::table! {
    price_lines (business_id, id) {
        business_id -> Uuid,
        id -> Uuid,
        subscription_id -> Uuid,
        from_on -> Date,
        cost_minor -> Int8,
        seats -> Nullable<Int4>,
        created_at -> Timestamptz,
    }
}

diesel::table! {
    recoveries (business_id, id) {
        business_id -> Uuid,
        id -> Uuid,
        staff_id -> Uuid,
        kind -> Text,
        user_id -> Uuid,
        reason -> Text,
        asked_at -> Timestamptz,
        due_at -> Timestamptz,
        ended_at -> Nullable<Timestamptz>,
        outcome -> Nullable<Text>,
    }
}

diesel::table! {
    recovery_codes (user_id, code_hash) {
        user_id -> Uuid,
        code_hash -> Bytea,
    }
}

diesel::table! {
    renewal_decisions (business_id, id) {
        business_id -> Uuid,
        id -> Uuid,
        subscription_id -> Uuid,
        renews_on -> Date,
        decision -> Text,
        seats -> Nullable<Int4>,
        note -> Text,
        decided_by -> Nullable<Uuid>,
        decided_at -> Timestamptz,
    }
}

diesel::table! {
    renewal_reminders (business_id, subscription_id, kind, days, on_day) {
        business_id -> Uuid,
        subscription_id -> Uuid,
        kind -> Text,
        days -> Int4,
        on_day -> Date,
        state -> Text,
        recorded_at -> Timestamptz,
    }
}

diesel::table! {
    reset_requests (id) {
        id -> Uuid,
        email_folded -> Text,
        created_at -> Timestamptz,
    }
}

diesel::table! {
    seat_requests (business_id, id) {
        business_id -> Uuid,
        id -> Uuid,
        subscription_id -> Uuid,
        member_id -> Uuid,
        note -> Text,
        state -> Text,
        words -> Text,
        decided_by -> Nullable<Uuid>,
        created_at -> Timestamptz,
        decided_at -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    services (business_id, id) {
        business_id -> Uuid,
        id -> Uuid,
        name -> Text,
        name_folded -> Text,
        vendor -> Text,
        category -> Text,
        website -> Text,
    }
}

diesel::table! {
    sessions (token_hash) {
        token_hash -> Bytea,
        #[max_length = 10]
        parse_id -> Bpchar,
        user_id -> Nullable<Uuid>,
        state -> Jsonb,
        created_at -> Timestamptz,
        last_seen_at -> Timestamptz,
        expires_at -> Timestamptz,
        address -> Nullable<Text>,
        user_agent -> Text,
        proved_at -> Nullable<Timestamptz>,
        epoch -> Int4,
        support_session_id -> Nullable<Uuid>,
    }
}

diesel::table! {
    staff_keys (key_hash) {
        key_hash -> Bytea,
        user_id -> Uuid,
        created_at -> Timestamptz,
        expires_at -> Timestamptz,
        used_at -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    subscriptions (business_id, id) {
        business_id -> Uuid,
        id -> Uuid,
        #[max_length = 10]
        parse_id -> Bpchar,
        service_id -> Uuid,
        name -> Text,
        name_folded -> Text,
        owner_id -> Uuid,
        status -> Text,
        cost_model -> Text,
        pack_size -> Nullable<Int4>,
        #[max_length = 3]
        currency -> Bpchar,
        cycle_unit -> Text,
        cycle_count -> Int4,
        anchor_on -> Date,
        starts_on -> Nullable<Date>,
        renews_on -> Nullable<Date>,
        term_count -> Nullable<Int4>,
        term_unit -> Nullable<Text>,
        renewal_term_count -> Nullable<Int4>,
        renewal_term_unit -> Nullable<Text>,
        auto_renew -> Text,
        notice_count -> Int4,
        notice_unit -> Text,
        cancel_by -> Nullable<Date>,
        trial_ends_on -> Nullable<Date>,
        department -> Text,
        category -> Text,
        tags -> Array<Nullable<Text>>,
        payment_method -> Text,
        url -> Text,
        notes -> Text,
        created_at -> Timestamptz,
        removed_at -> Nullable<Timestamptz>,
        next_on -> Nullable<Date>,
        fewer_seats -> Nullable<Int4>,
        fewer_from -> Nullable<Date>,
        remind_on -> Nullable<Date>,
    }
}

diesel::table! {
    support_sessions (business_id, id) {
        business_id -> Uuid,
        id -> Uuid,
        staff_id -> Uuid,
        member_id -> Nullable<Uuid>,
        mode -> Text,
        reason -> Text,
        began_at -> Timestamptz,
        ends_at -> Timestamptz,
        ended_at -> Nullable<Timestamptz>,
        how_ended -> Nullable<Text>,
    }
}

diesel::table! {
    usage_counters (business_id, meter, cycle_starts_at) {
        business_id -> Uuid,
        meter -> Text,
        cycle_starts_at -> Timestamptz,
        used -> Int8,
    }
}

diesel::table! {
    users (id) {
        id -> Uuid,
        email -> Text,
        email_folded -> Text,
        name -> Text,
        password_hash -> Text,
        email_verified_at -> Nullable<Timestamptz>,
        created_at -> Timestamptz,
        last_sign_in_at -> Nullable<Timestamptz>,
        zone -> Nullable<Text>,
        locale -> Nullable<Text>,
        is_staff -> Bool,
        totp_sealed -> Nullable<Bytea>,
        totp_last_step -> Nullable<Int8>,
        two_factor_at -> Nullable<Timestamptz>,
        session_epoch -> Int4,
        theme -> Nullable<Text>,
        shortcuts -> Bool,
    }
}

diesel::table! {
    verification_keys (key_hash) {
        key_hash -> Bytea,
        user_id -> Uuid,
        email_folded -> Text,
        created_at -> Timestamptz,
        expires_at -> Timestamptz,
        used_at -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    worker_failures (job, business_id) {
        job -> Text,
        business_id -> Uuid,
        failures -> Int4,
        first_failed_at -> Timestamptz,
        next_attempt_at -> Timestamptz,
        error -> Text,
    }
}

diesel::table! {
    worker_rounds (job) {
        job -> Text,
        ran_at -> Timestamptz,
        worked_at -> Nullable<Timestamptz>,
        error -> Nullable<Text>,
    }
}

diesel::joinable!(api_keys -> businesses (business_id));
diesel::joinable!(assignments -> businesses (business_id));
diesel::joinable!(calendar_feeds -> businesses (business_id));
diesel::joinable!(charges -> businesses (business_id));
diesel::joinable!(devices -> users (user_id));
diesel::joinable!(email_changes -> users (user_id));
diesel::joinable!(import_progress -> businesses (business_id));
diesel::joinable!(imports -> businesses (business_id));
diesel::joinable!(invitations -> businesses (business_id));
diesel::joinable!(licenses -> businesses (business_id));
diesel::joinable!(members -> businesses (business_id));
diesel::joinable!(members -> users (user_id));
diesel::joinable!(notification_preferences -> businesses (business_id));
diesel::joinable!(notifications -> businesses (business_id));
diesel::joinable!(password_resets -> users (user_id));
diesel::joinable!(plan_limits -> plans (plan_id));
diesel::joinable!(plan_overrides -> businesses (business_id));
diesel::joinable!(plan_overrides -> plans (plan_id));
diesel::joinable!(plan_overrides -> users (staff_id));
diesel::joinable!(plan_periods -> businesses (business_id));
diesel::joinable!(plan_periods -> plans (plan_id));
diesel::joinable!(plan_requests -> businesses (business_id));
diesel::joinable!(plan_requests -> plans (plan_id));
diesel::joinable!(plan_subscriptions -> businesses (business_id));
diesel::joinable!(price_lines -> businesses (business_id));
diesel::joinable!(recoveries -> businesses (business_id));
diesel::joinable!(recovery_codes -> users (user_id));
diesel::joinable!(renewal_decisions -> businesses (business_id));
diesel::joinable!(renewal_reminders -> businesses (business_id));
diesel::joinable!(seat_requests -> businesses (business_id));
diesel::joinable!(services -> businesses (business_id));
diesel::joinable!(sessions -> users (user_id));
diesel::joinable!(staff_keys -> users (user_id));
diesel::joinable!(subscriptions -> businesses (business_id));
diesel::joinable!(support_sessions -> businesses (business_id));
diesel::joinable!(support_sessions -> users (staff_id));
diesel::joinable!(usage_counters -> businesses (business_id));
diesel::joinable!(verification_keys -> users (user_id));
diesel::joinable!(worker_failures -> businesses (business_id));

diesel::allow_tables_to_appear_in_same_query!(
    api_keys,
    assignments,
    attempts,
    audit_entries,
    businesses,
    calendar_feeds,
    charges,
    devices,
    email_changes,
    import_progress,
    imports,
    invitations,
    letters,
    licenses,
    members,
    notification_preferences,
    notifications,
    once_answers,
    password_resets,
    plan_limits,
    plan_overrides,
    plan_periods,
    plan_requests,
    plan_subscriptions,
    plans,
    price_lines,
    recoveries,
    recovery_codes,
    renewal_decisions,
    renewal_reminders,
    reset_requests,
    seat_requests,
    services,
    sessions,
    staff_keys,
    subscriptions,
    support_sessions,
    usage_counters,
    users,
    verification_keys,
    worker_failures,
    worker_rounds,
);
