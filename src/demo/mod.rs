//! The demo business: a believable year of a design studio with sixty people and forty subscriptions, told through the
//! same operations as everything else, so that its trail is true.

mod cast;
mod data;
mod large;
mod story;

use std::fs::OpenOptions;
use std::io::Write;
use std::os::unix::fs::OpenOptionsExt;
use std::path::PathBuf;

use serde::Serialize;

use crate::app::App;
use crate::domain::access;
use crate::kernel::refusal::Refusal;

pub use large::Size;

const FILE: &str = "demo";

/// One demo sign-in.
#[derive(Serialize)]
pub struct SignIn {
    /// The name.
    pub name: String,
    /// The address.
    pub email: String,
    /// What they are in the business.
    pub role: &'static str,
    /// The password, made for this installation.
    pub password: String,
    /// What an authenticator app needs to know, where a code is asked for as well: base32.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub totp_secret: Option<String>,
}

/// What whoever started the program is told, and what is kept in `$SUBLEDGER_DATA/demo`.
#[derive(Serialize)]
pub struct Demo {
    /// Where to open it.
    pub address: String,
    /// The business's public id for programs.
    pub application_id: String,
    /// Who can sign in.
    pub people: Vec<SignIn>,
}

/// Loads the demo business if nobody has signed up yet, and a large installation around it when a size is given; `None`
/// when somebody has. PostgreSQL knows the tables by then, so that the first page is as fast as the second.
pub async fn load(app: &App, size: Option<Size>) -> Result<Option<Demo>, Refusal> {
    if access::anybody(&app.db).await? {
        return Ok(None);
    }
    size.map(Size::check).transpose()?;
    let mut demo = story::tell(app).await?;
    if let Some(size) = size {
        demo.people.push(large::fill(app, size).await?);
    }
    app.db.refresh_statistics().await?;
    keep(app, &demo)?;
    Ok(Some(demo))
}

/// Where the sign-ins of a demo that was loaded before are kept.
pub fn kept(app: &App) -> Option<PathBuf> {
    Some(app.config.data.join(FILE)).filter(|file| file.exists())
}

/// Keeps the sign-ins beside the data, for nobody but its owner to read.
fn keep(app: &App, demo: &Demo) -> Result<(), Refusal> {
    let text = serde_json::to_string_pretty(demo).map_err(Refusal::fault)?;
    let path = app.config.data.join(FILE);
    std::fs::create_dir_all(&app.config.data).map_err(Refusal::fault)?;
    let file = OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(path);
    file.and_then(|mut file| file.write_all(text.as_bytes())).map_err(Refusal::fault)
}

impl std::fmt::Display for Demo {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        writeln!(f, "The demo business is loaded. Open {} and sign in as", self.address)?;
        for person in &self.people {
            writeln!(f, "  {:<28} {:<30} {} ({})", person.email, person.password, person.name, person.role)?;
            if let Some(secret) = &person.totp_secret {
                writeln!(f, "  {:<28} for an authenticator app: {secret}", "")?;
            }
        }
        write!(f, "Application id for programs: {}", self.application_id)
    }
}
