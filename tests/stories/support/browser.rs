//! What a person does with the pages: opens, posts, reads. Cookies are kept, redirects are shown and not followed.

use std::sync::Arc;

use reqwest::cookie::{CookieStore, Jar};
use reqwest::header::{HeaderMap, LOCATION};
use reqwest::redirect::Policy;
use scraper::{Html, Selector};
use subledger::kernel::secret::Key;

/// One browser.
#[derive(Clone)]
pub struct Browser {
    client: reqwest::Client,
    jar: Arc<Jar>,
    url: String,
    /// Sent as the hidden field of every form, as the pages do.
    pub business: Option<String>,
}

/// What a page answered.
pub struct Shown {
    pub status: u16,
    pub headers: HeaderMap,
    pub body: String,
}

impl Browser {
    pub fn at(url: &str) -> Self {
        let jar = Arc::new(Jar::default());
        let client = reqwest::Client::builder()
            .cookie_provider(Arc::clone(&jar))
            .user_agent("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0")
            .redirect(Policy::none())
            // A connection that the server is about to close is not used again.
            .pool_max_idle_per_host(0)
            .build()
            .unwrap();
        Self { client, jar, url: url.to_owned(), business: None }
    }

    /// The server it looks at.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Puts a cookie into it.
    pub fn keep_cookie(&self, name: &str, value: &str) {
        self.jar.add_cookie_str(&format!("{name}={value}; Path=/"), &self.url.parse().unwrap());
    }

    /// What it would send as its cookies.
    pub fn cookies(&self) -> String {
        let cookies = self.jar.cookies(&self.url.parse().unwrap());
        cookies.map(|value| value.to_str().unwrap().to_owned()).unwrap_or_default()
    }

    pub async fn get(&self, path: &str) -> Shown {
        let request = self.client.get(format!("{}{path}", self.url)).header("sec-fetch-site", "same-origin");
        Shown::of(request).await
    }

    /// Posts a form with a fresh `once`.
    pub async fn post(&self, path: &str, fields: &[(&str, &str)]) -> Shown {
        self.post_once(path, &Key::random().to_text(), fields).await
    }

    /// Posts a form with this `once`, as a double click does twice.
    pub async fn post_once(&self, path: &str, once: &str, fields: &[(&str, &str)]) -> Shown {
        let mut all: Vec<(&str, &str)> = vec![("once", once)];
        if let Some(business) = &self.business {
            all.push(("business", business));
        }
        all.extend_from_slice(fields);
        self.post_exactly(path, &all).await
    }

    /// Posts these fields and no others.
    pub async fn post_exactly(&self, path: &str, fields: &[(&str, &str)]) -> Shown {
        let request =
            self.client.post(format!("{}{path}", self.url)).header("sec-fetch-site", "same-origin").form(fields);
        Shown::of(request).await
    }

    /// Uploads a file with these fields.
    pub async fn upload(&self, path: &str, fields: &[(&str, &str)], file_name: &str, file: Vec<u8>) -> Shown {
        let mut form = reqwest::multipart::Form::new().text("once", Key::random().to_text());
        if let Some(business) = &self.business {
            form = form.text("business", business.clone());
        }
        for (name, value) in fields {
            form = form.text((*name).to_owned(), (*value).to_owned());
        }
        let part = reqwest::multipart::Part::bytes(file).file_name(file_name.to_owned());
        let request = self.client.post(format!("{}{path}", self.url)).header("sec-fetch-site", "same-origin");
        Shown::of(request.multipart(form.part("file", part))).await
    }

    /// A request of any kind, for what no form of ours sends.
    pub fn request(&self, method: reqwest::Method, path: &str) -> reqwest::RequestBuilder {
        self.client.request(method, format!("{}{path}", self.url))
    }
}

impl Shown {
    pub async fn of(request: reqwest::RequestBuilder) -> Self {
        let response = request.send().await.unwrap();
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        Self { status, headers, body: response.text().await.unwrap() }
    }

    /// Asserts the status.
    #[track_caller]
    pub fn is(&self, status: u16) -> &Self {
        assert_eq!(self.status, status, "{}", self.text());
        self
    }

    /// Asserts that the page says this, white space folded.
    #[track_caller]
    pub fn shows(&self, words: &str) -> &Self {
        assert!(self.text().contains(words), "{words:?} is not in: {}", self.text());
        self
    }

    /// Asserts that the page does not say this anywhere, attributes included.
    #[track_caller]
    pub fn hides(&self, words: &str) -> &Self {
        assert!(!self.text().contains(words) && !self.body.contains(words), "{words:?} is in: {}", self.text());
        self
    }

    /// Asserts that it leads to this path.
    #[track_caller]
    pub fn goes_to(&self, path: &str) -> &Self {
        assert_eq!((self.status, self.location()), (303, path), "{}", self.text());
        self
    }

    /// Where it leads, or nothing.
    pub fn location(&self) -> &str {
        self.headers.get(LOCATION).map_or("", |location| location.to_str().unwrap())
    }

    /// The last part of where it leads: the id of what was made.
    pub fn id(&self) -> String {
        self.location().rsplit('/').next().unwrap_or_default().to_owned()
    }

    /// The texts of what a CSS selector finds.
    pub fn texts(&self, selector: &str) -> Vec<String> {
        let selector = Selector::parse(selector).unwrap();
        self.parsed().select(&selector).map(|found| fold(found.text())).collect()
    }

    /// An attribute of the first thing that a CSS selector finds.
    pub fn attribute(&self, selector: &str, name: &str) -> Option<String> {
        let selector = Selector::parse(selector).unwrap();
        let page = self.parsed();
        page.select(&selector).next().and_then(|found| found.value().attr(name)).map(str::to_owned)
    }

    /// An attribute of everything that a CSS selector finds, as far as it has it.
    pub fn attributes(&self, selector: &str, name: &str) -> Vec<String> {
        let selector = Selector::parse(selector).unwrap();
        let page = self.parsed();
        page.select(&selector).filter_map(|found| found.value().attr(name)).map(str::to_owned).collect()
    }

    /// The page; a place where a word may break is no end of a word.
    fn parsed(&self) -> Html {
        Html::parse_document(&self.body.replace("<wbr>", ""))
    }

    /// Everything a person can read, white space folded.
    pub fn text(&self) -> String {
        fold(self.parsed().root_element().text())
    }
}

fn fold<'a>(parts: impl Iterator<Item = &'a str>) -> String {
    let joined: Vec<&str> = parts.flat_map(str::split_whitespace).collect();
    joined.join(" ")
}
