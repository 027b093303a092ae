//! Letters while they wait in the outbox: to whom, of what kind, with which key.

use diesel::sql_types::{Binary, Jsonb, Nullable, Text, Uuid as SqlUuid};
use diesel::{QueryableByName, RunQueryDsl};
use subledger::kernel::secret::Purpose;
use uuid::Uuid;

use super::app::TestApp;

/// One waiting letter.
pub struct Waiting {
    pub kind: String,
    pub details: serde_json::Value,
    /// What its link carries, opened with the installation's secret as the worker does.
    pub key: Option<String>,
}

#[derive(QueryableByName)]
struct Row {
    #[diesel(sql_type = SqlUuid)]
    id: Uuid,
    #[diesel(sql_type = Text)]
    kind: String,
    #[diesel(sql_type = Jsonb)]
    details: serde_json::Value,
    #[diesel(sql_type = Nullable<Binary>)]
    key_sealed: Option<Vec<u8>>,
}

impl TestApp {
    /// The letters that wait for this address, oldest first.
    pub fn letters_to(&self, email: &str) -> Vec<Waiting> {
        let rows: Vec<Row> = diesel::sql_query(
            "SELECT id, kind, details, key_sealed FROM letters WHERE to_email = $1 AND state = 'waiting' ORDER BY id",
        )
        .bind::<Text, _>(email)
        .load(&mut self.owner())
        .unwrap();
        rows.into_iter().map(|row| self.open(row)).collect()
    }

    /// The key of the newest letter that waits for this address.
    pub fn key_for(&self, email: &str) -> String {
        self.letters_to(email).pop().and_then(|letter| letter.key).unwrap_or_else(|| panic!("no key waits for {email}"))
    }

    fn open(&self, row: Row) -> Waiting {
        let key = row.key_sealed.map(|sealed| {
            let opened = self.app.keyring.open(Purpose::Letter, row.id.as_bytes(), &sealed).unwrap();
            String::from_utf8(opened).unwrap()
        });
        Waiting { kind: row.kind, details: row.details, key }
    }
}
