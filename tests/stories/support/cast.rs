//! The cast that stands in every story. **Acme**: Olivia owns, Adam is admin, Audrey audits, Uma uses. **Globex**: Gus
//! owns, the stranger. Both are on the plan Business, with addresses confirmed. Sam runs the installation.

use std::time::Duration;

use chrono::Utc;
use diesel::connection::SimpleConnection;
use diesel::{Connection, PgConnection};
use subledger::domain::identity::password::{Password, Passwords};

/// Everybody's password.
pub const PASSWORD: &str = "correct horse battery";

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Cast {
    Olivia,
    Adam,
    Audrey,
    Uma,
    Gus,
    Sam,
}

impl Cast {
    /// Everybody who is in a business.
    pub const ALL: [Self; 5] = [Olivia, Adam, Audrey, Uma, Gus];

    pub fn name(self) -> &'static str {
        match self {
            Olivia => "Olivia Owens",
            Adam => "Adam Adler",
            Audrey => "Audrey Aldana",
            Uma => "Uma Usher",
            Gus => "Gus Globe",
            Sam => "Sam Staff",
        }
    }

    pub fn email(self) -> &'static str {
        match self {
            Olivia => "olivia@acme.example",
            Adam => "adam@acme.example",
            Audrey => "audrey@acme.example",
            Uma => "uma@acme.example",
            Gus => "gus@globex.example",
            Sam => "sam@subledger.example",
        }
    }

    pub fn role(self) -> &'static str {
        match self {
            Olivia | Gus => "owner",
            Adam => "admin",
            Audrey => "auditor",
            Uma => "user",
            Sam => "staff",
        }
    }

    /// The id of their row in their business, as URLs and forms write it.
    pub fn member_id(self) -> String {
        subledger::kernel::ids::to_text(self.member_uuid().parse().unwrap())
    }

    /// The id of their business, as URLs and forms write it.
    pub fn business_id(self) -> String {
        subledger::kernel::ids::to_text(self.business_uuid().parse().unwrap())
    }

    pub fn business_uuid(self) -> &'static str {
        match self {
            Gus => "01900000-0000-7000-8000-00000000000b",
            Sam => "00000000-0000-7000-8000-000000000000",
            _ => "01900000-0000-7000-8000-00000000000a",
        }
    }

    pub fn member_uuid(self) -> &'static str {
        match self {
            Olivia => "01900000-0000-7000-8000-0000000000a1",
            Adam => "01900000-0000-7000-8000-0000000000a2",
            Audrey => "01900000-0000-7000-8000-0000000000a3",
            Uma => "01900000-0000-7000-8000-0000000000a4",
            Gus => "01900000-0000-7000-8000-0000000000b1",
            Sam => "01900000-0000-7000-8000-0000000000c1",
        }
    }

    pub fn user_uuid(self) -> String {
        self.member_uuid().replace("8000-0000000000", "8000-0000000001")
    }
}

use Cast::*;

const BUSINESS_PLAN: &str = "00000000-0000-7000-8000-000000000104";

/// Enters the cast into a migrated database. Their plans began today, so that a month lies ahead.
pub fn enter(owner_url: &str) {
    let mut conn = PgConnection::establish(owner_url).unwrap();
    let now = Utc::now();
    let today = now.date_naive();
    let next = today.checked_add_months(chrono::Months::new(1)).unwrap();
    let at = now.to_rfc3339();
    let mut sql = String::new();
    for (someone, name, application) in [(Olivia, "Acme", "acmeApplication"), (Gus, "Globex", "globexApplication")] {
        let business = someone.business_uuid();
        sql += &format!(
            "INSERT INTO businesses VALUES ('{business}', '{name}', 'EUR', 'UTC', 'en-GB', '{application}', 'active', '{at}');
             INSERT INTO plan_subscriptions (business_id, plan_id, anchor_on, cycle_index, cycle_starts_at, period_starts_at, period_ends_at)
             VALUES ('{business}', '{BUSINESS_PLAN}', '{today}', 0, '{today}Z', '{today}Z', '{next}Z');
             INSERT INTO plan_periods VALUES ('{business}', '{today}Z', '{today}Z', '{next}Z', '{BUSINESS_PLAN}', 19900, 'USD', '{at}');"
        );
    }
    let hash = password_hash();
    for (number, person) in Cast::ALL.into_iter().enumerate() {
        let (name, email, role) = (person.name(), person.email(), person.role());
        let (user, member, business) = (person.user_uuid(), person.member_uuid(), person.business_uuid());
        sql += &format!(
            "INSERT INTO users (id, email, email_folded, name, password_hash, email_verified_at, created_at)
             VALUES ('{user}', '{email}', '{email}', '{name}', '{hash}', '{at}', '{at}');
             INSERT INTO members (business_id, id, parse_id, user_id, name, name_folded, email, email_folded, role, status, department, created_at)
             VALUES ('{business}', '{member}', 'castmembr{number}', '{user}', '{name}', lower('{name}'), '{email}', '{email}', '{role}', 'active', '', '{at}');"
        );
    }
    let (sam, name, email) = (Sam.user_uuid(), Sam.name(), Sam.email());
    sql += &format!(
        "INSERT INTO users (id, email, email_folded, name, password_hash, email_verified_at, created_at, is_staff, totp_sealed, two_factor_at)
         VALUES ('{sam}', '{email}', '{email}', '{name}', '{hash}', '{at}', '{at}', true, '\\x00', '{at}');"
    );
    conn.batch_execute(&sql).unwrap();
}

/// What Ingrid, who is nobody yet, writes to found her business.
pub const INGRID: [(&str, &str); 5] = [
    ("business", "Initech"),
    ("name", "Ingrid Initech"),
    ("email", "ingrid@initech.example"),
    ("password", "stapler of many colours"),
    ("plan", "trial"),
];

fn password_hash() -> String {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let hashed = std::thread::spawn(move || {
        runtime.block_on(async {
            Passwords::new(1, Duration::from_secs(60)).unwrap().hash(Password::parse(PASSWORD, &[]).unwrap()).await
        })
    });
    hashed.join().unwrap().unwrap()
}
