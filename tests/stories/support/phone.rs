//! A telephone with an authenticator app, which holds the secret that a page has shown.

use chrono::TimeDelta;
use totp_rs::{Builder, Secret, Totp};

use super::app::TestApp;
use super::browser::Browser;

/// What somebody has in hand once their second factor is on.
pub struct Phone {
    totp: Totp,
    /// The recovery codes, as they were shown.
    pub codes: Vec<String>,
}

impl Phone {
    /// Scans what the page shows.
    pub async fn scan(browser: &Browser) -> Self {
        let page = browser.get("/settings/security/two-factor").await;
        page.is(200).shows("Set up two-factor sign-in");
        let secret = page.texts("#secret").pop().unwrap().replace(' ', "");
        let totp = Builder::new().with_secret(Secret::try_from_base32(secret).unwrap()).build().unwrap();
        Self { totp, codes: Vec::new() }
    }

    /// Sets the second factor up on the page.
    pub async fn set_up(app: &TestApp, browser: &Browser) -> Self {
        let phone = Self::scan(browser).await;
        let done = browser.post("/settings/security/two-factor", &[("code", &phone.code(app))]).await;
        done.is(200).shows("Your recovery codes");
        let codes: Vec<String> = done.texts("pre")[0].split_whitespace().map(str::to_owned).collect();
        assert_eq!(codes.len(), 10);
        // The code that turned it on works no more; the next one comes half a minute later.
        app.clock.advance(TimeDelta::seconds(30));
        Self { codes, ..phone }
    }

    /// The six digits it shows now.
    pub fn code(&self, app: &TestApp) -> String {
        self.code_at(app, 0)
    }

    /// The six digits it shows so many seconds from now.
    pub fn code_at(&self, app: &TestApp, seconds: i64) -> String {
        let at = app.clock.now() + TimeDelta::seconds(seconds);
        self.totp.generate(u64::try_from(at.timestamp()).unwrap()).to_string()
    }
}
