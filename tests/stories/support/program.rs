//! A program with a key of a business.

use reqwest::Method;
use serde_json::Value;

use super::browser::{Browser, Shown};

/// One program.
#[derive(Clone)]
pub struct Program {
    pub browser: Browser,
    pub key: String,
}

impl Program {
    /// With a key that this person has just made on the page.
    pub async fn of(browser: &Browser, kind: &str, scopes: &[&str]) -> Self {
        let mut form = vec![("name", "Program"), ("kind", kind)];
        form.extend(scopes.iter().map(|scope| ("scopes", *scope)));
        let made = browser.post("/settings/api-keys", &form).await;
        let key = made.is(200).attribute("#key", "value").unwrap();
        Self { browser: Browser::at(browser.url()), key }
    }

    /// Posts JSON.
    pub async fn post(&self, path: &str, body: &Value) -> Shown {
        self.send(Method::POST, path, &[], body.to_string()).await
    }

    /// Posts JSON as this act.
    pub async fn post_once(&self, path: &str, once: &str, body: &Value) -> Shown {
        self.send(Method::POST, path, &[("idempotency-key", once)], body.to_string()).await
    }

    /// Sends this, with these headers on top.
    pub async fn send(&self, method: Method, path: &str, headers: &[(&str, &str)], body: String) -> Shown {
        let mut request = self.browser.request(method, path).bearer_auth(&self.key).body(body);
        if !headers.iter().any(|(name, _)| *name == "content-type") {
            request = request.header("content-type", "application/json");
        }
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        Shown::of(request).await
    }
}

impl Shown {
    /// The JSON of the answer.
    #[track_caller]
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|_| panic!("{} is not JSON", self.body))
    }

    /// Asserts a problem with this status and code.
    #[track_caller]
    pub fn problem(&self, status: u16, code: &str) -> &Self {
        let problem = self.json();
        assert_eq!((self.status, problem["code"].as_str()), (status, Some(code)), "{problem}");
        assert_eq!(self.headers["content-type"], "application/problem+json");
        assert_eq!(problem["status"], status, "{problem}");
        for field in ["type", "title", "detail", "request_id"] {
            assert!(problem[field].as_str().is_some_and(|text| !text.is_empty()), "{field} in {problem}");
        }
        self
    }
}
