//! How often something may be tried: signing in, codes, founding, letters to an address. A try is taken by one
//! conditional statement before anything is compared or hashed, so that many at once are counted exactly, and is given
//! back when it was none. Known and unknown addresses are counted alike.
//!
//! A stranger's guesses never keep a person out: a browser that has signed in before has a count of its own.

pub mod pace;
mod store;

use std::net::IpAddr;

use ipnet::IpNet;

use crate::kernel::db::Db;
use crate::kernel::ids::ApiKeyId;
use crate::kernel::refusal::Refusal;
use crate::kernel::secret::{Key, sha256};

use super::known_browsers;
use pace::{Pace, in_words};

pub use store::sweep;

/// Who is at the door, as far as it can be told before they have proved anything.
#[derive(Clone, Debug)]
pub struct Client {
    /// Where from.
    pub address: Option<IpAddr>,
    /// What the browser shows for having signed in before.
    pub browser: Option<Key>,
}

/// With what somebody proves who they are. Each is counted by itself, so that a fitting password brings no more codes.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Proof {
    /// The password, to sign in.
    Password,
    /// The second factor, to sign in.
    Code,
    /// The password again, while signed in.
    PasswordAgain,
}

/// Something else that may be asked for only so often.
#[derive(Clone, Copy, Debug)]
pub enum Asked<'a> {
    /// Founding a business as somebody new.
    SignUp(&'a Client),
    /// Hearing that an address is known already.
    KnownAddress(&'a Client),
    /// A letter with a key to set a new password, to this folded address.
    Reset(&'a Client, &'a str),
    /// The letter that confirms this folded address, again.
    Verification(&'a str),
    /// A letter to this folded address once more, by whoever runs the installation.
    Resent(&'a str),
    /// A letter with a key to a new folded address, asked for by whoever has this one.
    NewAddress(&'a str, &'a str),
    /// An answer to a program with this key.
    Requests(ApiKeyId),
    /// The calendar feed of this key, whether there is one or not.
    Feed(&'a Client, &'a str),
}

/// Tries that were taken. Kept, they stay counted.
#[must_use]
#[derive(Debug)]
pub struct Taken {
    own: Option<Vec<u8>>,
    shared: Vec<Vec<u8>>,
}

/// One count: of what and whose, and how fast it may grow.
pub(super) struct Count {
    pub(super) key: Vec<u8>,
    pub(super) pace: Pace,
    said: &'static str,
}

const WRONG: &str = "There were too many wrong tries, so this one was not looked at.";
const SIGN_UPS: &str = "Founding a business was tried very often from your network in the last hour.";
const RESETS: &str = "Letters for a new password were asked for too often. Look into your mail: the newest link works.";
const LETTERS: &str =
    "The letter was sent to this address several times in the last hour. Look into your mail, and among spam too.";
const REQUESTS: &str = "This key has sent 600 requests within a minute. Send events together, up to 1,000 in one.";
const RESENT: &str = "Letters to this address were sent again several times in the last hour.";
const FEEDS: &str = "This calendar is fetched more often than it changes.";
const NEW_ADDRESSES: &str =
    "Another address was asked for several times in the last hour. Look into its mail: the newest link works.";

/// Takes a try at this folded address, before anything is compared; 429 when there is none left.
pub async fn guess(db: &Db, proof: Proof, account: &str, client: &Client) -> Result<Taken, Refusal> {
    let (account, client, now) = (account.to_owned(), client.clone(), db.clock().now());
    db.before_tenant(move |conn| {
        let known = match &client.browser {
            Some(browser) if known_browsers::store::is_known_to(conn, browser, &account, now)? => Some(browser),
            _ => None,
        };
        let counts = counts_of_guess(proof, &account, &client, known);
        let own = counts.first().map(|count| count.key.clone());
        let shared = counts.iter().skip(1).map(|count| count.key.clone()).collect();
        take(conn, &counts, now)?;
        Ok(Taken { own, shared })
    })
    .await
}

/// Takes one of what may be asked for; 429 when there is none left.
pub async fn ask(db: &Db, asked: Asked<'_>) -> Result<Taken, Refusal> {
    let (counts, now) = (counts_of(asked), db.clock().now());
    db.before_tenant(move |conn| {
        take(conn, &counts, now)?;
        Ok(Taken { own: None, shared: counts.into_iter().map(|count| count.key).collect() })
    })
    .await
}

impl Taken {
    /// It fitted: the count of this account from this place begins anew, and what others share is as it was before.
    pub async fn fitted(self, db: &Db) -> Result<(), Refusal> {
        db.before_tenant(move |conn| {
            store::forget(conn, self.own.as_slice())?;
            store::give_back(conn, &self.shared)
        })
        .await
    }

    /// It stays counted.
    pub fn keep(self) {}

    /// It was no try after all: nothing was compared, or nothing was sent.
    pub async fn give_back(self, db: &Db) -> Result<(), Refusal> {
        let all: Vec<Vec<u8>> = self.own.into_iter().chain(self.shared).collect();
        db.before_tenant(move |conn| store::give_back(conn, &all)).await
    }
}

fn take(conn: &mut diesel::PgConnection, counts: &[Count], now: chrono::DateTime<chrono::Utc>) -> Result<(), Refusal> {
    store::take_all(conn, counts, now, |count, free_at| {
        let seconds = pace::seconds_until(free_at, now);
        Refusal::too_many(seconds, format!("{} Try again {}.", count.said, in_words(seconds)))
    })
}

/// Narrow ones first, so that every transaction locks in the same order.
fn counts_of_guess(proof: Proof, account: &str, client: &Client, known: Option<&Key>) -> Vec<Count> {
    let what = match proof {
        Proof::Password => "password",
        Proof::Code => "code",
        Proof::PasswordAgain => "password again",
    };
    let count = |parts: &[&str], pace: Pace| Count { key: key(parts), pace, said: WRONG };
    if let Some(browser) = known {
        let shown = browser.to_text();
        return vec![count(&[what, "browser", account, &shown], pace::OWN)];
    }
    let network = network_of(client);
    vec![
        count(&[what, "account and network", account, &network], pace::OWN),
        count(&[what, "account in a minute", account], pace::ACCOUNT_IN_A_MINUTE),
        count(&[what, "account", account], pace::ACCOUNT),
        count(&["network", &network], pace::NETWORK),
    ]
}

fn counts_of(asked: Asked<'_>) -> Vec<Count> {
    let count = |parts: &[&str], pace: Pace, said| Count { key: key(parts), pace, said };
    match asked {
        Asked::SignUp(client) => vec![count(&["sign-up", &network_of(client)], pace::SIGN_UPS, SIGN_UPS)],
        Asked::KnownAddress(client) => {
            vec![count(&["known address", &network_of(client)], pace::KNOWN_ADDRESSES, SIGN_UPS)]
        }
        Asked::Reset(client, email) => vec![
            count(&["reset", "address", email], pace::LETTERS, RESETS),
            count(&["reset", "network", &network_of(client)], pace::RESETS_OF_NETWORK, RESETS),
        ],
        Asked::NewAddress(present, new) => vec![
            count(&["new address", "asked by", present], pace::LETTERS, NEW_ADDRESSES),
            count(&["new address", "asked for", new], pace::LETTERS, NEW_ADDRESSES),
        ],
        Asked::Requests(key) => vec![count(&["requests", &key.to_string()], pace::REQUESTS, REQUESTS)],
        Asked::Feed(client, feed) => vec![
            count(&["feed", feed], pace::FEED, FEEDS),
            count(&["feeds", "network", &network_of(client)], pace::FEEDS_OF_NETWORK, FEEDS),
        ],
        Asked::Resent(email) => vec![count(&["resent", email], pace::LETTERS, RESENT)],
        Asked::Verification(email) => vec![count(&["verification", email], pace::LETTERS, LETTERS)],
    }
}

fn key(parts: &[&str]) -> Vec<u8> {
    let parts: Vec<&[u8]> = std::iter::once("attempts").chain(parts.iter().copied()).map(str::as_bytes).collect();
    sha256(&parts)
}

/// One household or office: whoever has a whole network of addresses has no more tries for it.
fn network_of(client: &Client) -> String {
    let net = client.address.map(|address| match address.to_canonical() {
        address @ IpAddr::V4(_) => IpNet::new(address, 24),
        address @ IpAddr::V6(_) => IpNet::new(address, 56),
    });
    match net {
        Some(Ok(net)) => net.trunc().to_string(),
        _ => "nowhere".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn network(address: &str) -> String {
        network_of(&Client { address: Some(address.parse().unwrap()), browser: None })
    }

    #[test]
    fn neighbours_share_a_network_however_they_write_it() {
        assert_eq!(network("203.0.113.7"), network("203.0.113.250"));
        assert_eq!(network("::ffff:203.0.113.7"), network("203.0.113.9"));
        assert_ne!(network("203.0.113.7"), network("203.0.114.7"));
        assert_eq!(network("2001:db8:1:2200::1"), network("2001:db8:1:22ff:ffff::9"));
        assert_ne!(network("2001:db8:1:2200::1"), network("2001:db8:1:2300::1"));
    }

    #[test]
    fn a_known_browser_is_counted_by_itself_and_codes_apart_from_passwords() {
        let client = Client { address: Some("203.0.113.7".parse().unwrap()), browser: None };
        let browser = Key::random();
        let keys = |proof, known| -> Vec<Vec<u8>> {
            counts_of_guess(proof, "uma@acme.example", &client, known).into_iter().map(|count| count.key).collect()
        };
        let (password, code) = (keys(Proof::Password, None), keys(Proof::Code, None));
        let shared = password.iter().filter(|key| code.contains(key)).count();
        assert_eq!((password.len(), shared), (4, 1), "only the network is shared");
        let known = keys(Proof::Password, Some(&browser));
        assert_eq!(known.len(), 1);
        assert!(!password.contains(&known[0]));
    }
}
