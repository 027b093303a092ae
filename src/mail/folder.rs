//! The folder of letters that are not sent, because there is no mail server: one file each, readable by nobody else.

use std::io;
use std::path::{Path, PathBuf};

use tokio::fs;
use tokio::io::AsyncWriteExt;

use crate::domain::letters::letter::ClaimedLetter;

use super::eml::Eml;

/// `$SUBLEDGER_DATA/mail`.
pub struct Folder(PathBuf);

impl Folder {
    pub(super) fn new(path: PathBuf) -> Self {
        Self(path)
    }

    pub(super) async fn make(&self) -> io::Result<()> {
        fs::DirBuilder::new().recursive(true).mode(0o700).create(&self.0).await
    }

    /// Writes the letter so that it is there whole or not at all. Putting it again replaces the same file.
    pub(super) async fn put(&self, letter: &ClaimedLetter, message: &[u8]) -> io::Result<()> {
        let name = format!("{}-{}.eml", letter.created_at.format("%Y%m%dT%H%M%S%3fZ"), letter.id);
        let unfinished = self.0.join(format!(".{name}"));
        let mut file =
            fs::OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(&unfinished).await?;
        file.write_all(message).await?;
        file.sync_all().await?;
        fs::rename(&unfinished, self.0.join(name)).await
    }

    /// The names of its letters, newest first.
    pub async fn names(&self) -> io::Result<Vec<String>> {
        let mut entries = match fs::read_dir(&self.0).await {
            Ok(entries) => entries,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
            Err(error) => return Err(error),
        };
        let mut names = Vec::new();
        while let Some(entry) = entries.next_entry().await? {
            names.extend(entry.file_name().into_string().ok().filter(|name| is_name(name)));
        }
        names.sort_unstable_by(|left, right| right.cmp(left));
        Ok(names)
    }

    /// The letter of this name; none if there is no such letter, or the name is no name of one.
    pub async fn read(&self, name: &str) -> io::Result<Option<Eml>> {
        if !is_name(name) {
            return Ok(None);
        }
        match fs::read(self.0.join(name)).await {
            Ok(bytes) => Ok(Eml::parse(&bytes)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error),
        }
    }
}

/// Whether it is a file that [`Folder::put`] wrote: never a path.
fn is_name(name: &str) -> bool {
    let stem = name.strip_suffix(".eml").unwrap_or_default();
    let is_plain = stem.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
    !stem.is_empty() && is_plain && Path::new(name).components().count() == 1
}

#[cfg(test)]
mod tests {
    use super::is_name;

    #[test]
    fn only_names_of_letters_are_opened() {
        assert!(is_name("20261122T040506789Z-01k8h0000000000000000000zz.eml"));
        for wrong in
            ["", ".eml", "../secret", "../secret.eml", "a/b.eml", ".a.eml", "a.eml.txt", "..", "a\0.eml", "%2e.eml"]
        {
            assert!(!is_name(wrong), "{wrong}");
        }
    }
}
