//! A form with a file: read piece by piece, with the same checks as every other form of a member.

use actix_multipart::{Field, Multipart};
use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpRequest};
use futures_util::StreamExt;
use futures_util::future::LocalBoxFuture;

use crate::domain::identity::sessions;
use crate::http::access::{app_of, prove};
use crate::http::session::Signed;
use crate::kernel::access::Access;
use crate::kernel::permission::Permission;
use crate::kernel::refusal::{Kind, Refusal};
use crate::kernel::secret::sha256;

use super::form::{Posted, require_current};
use super::refusal::HtmlRefusal;

/// The largest file that is kept: 5 MB.
const FILE_LIMIT: usize = 5 * 1024 * 1024;
/// Other fields are short.
const TEXT_LIMIT: usize = 4 * 1024;
/// A file above its limit is read on, so that the person gets an answer instead of a broken connection, but not for ever.
const PATIENCE: usize = 256 * 1024 * 1024;
const MOST_FIELDS: usize = 20;

/// A form with a file, posted by a signed-in member about their current business.
pub struct MemberUpload {
    /// Who posts.
    pub access: Access,
    /// The fields beside the file.
    pub posted: Posted,
    /// The file in the field `file`.
    pub file: UploadedFile,
}

/// What was chosen in the form.
pub enum UploadedFile {
    /// Nothing.
    None,
    /// More than 5 MB.
    TooLarge,
    /// A file.
    File {
        /// Its name, as the browser sends it.
        name: String,
        /// Its bytes.
        content: Vec<u8>,
    },
}

impl FromRequest for MemberUpload {
    type Error = HtmlRefusal;
    type Future = LocalBoxFuture<'static, Result<Self, HtmlRefusal>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let multipart = Multipart::from_request(request, payload);
        let request = request.clone();
        Box::pin(async move {
            let access = prove(&request).await?;
            // Whoever may import nothing is told before their file is read.
            if !access.may(Permission::Import) {
                return Err(Refusal::not_allowed().into());
            }
            let (fields, file) = read(multipart.await.map_err(|_| unreadable())?).await?;
            // A file takes its time, and whoever sends it may have been shut out meanwhile.
            require_alive(&request).await?;
            let access = prove(&request).await?;
            let who = access.person().map(|person| person.to_string()).unwrap_or_default();
            let mut posted = Posted::of(&request, &who, fields, &file.digest())?;
            if let Some(given) = posted.take_business() {
                require_current(&request, &access, &given).await?;
            }
            Ok(Self { access, posted, file })
        })
    }
}

impl UploadedFile {
    /// Tells one file from another.
    fn digest(&self) -> Vec<u8> {
        match self {
            Self::None => Vec::new(),
            Self::TooLarge => b"too large".to_vec(),
            Self::File { name, content } => sha256(&[name.as_bytes(), content]),
        }
    }
}

async fn require_alive(request: &HttpRequest) -> Result<(), Refusal> {
    let (app, signed) = (app_of(request)?, Signed::of(request));
    let user = signed.user()?.ok_or_else(Refusal::sign_in)?;
    match sessions::is_alive(&app.db, user, signed.id()).await? {
        true => Ok(()),
        false => Err(Refusal::sign_in()),
    }
}

async fn read(mut multipart: Multipart) -> Result<(Vec<(String, String)>, UploadedFile), Refusal> {
    let (mut fields, mut file) = (Vec::new(), UploadedFile::None);
    while let Some(field) = multipart.next().await {
        let mut field = field.map_err(|_| unreadable())?;
        let name = field.name().unwrap_or_default().to_owned();
        if name == "file" {
            file = read_file(&mut field).await?;
            continue;
        }
        let text = read_up_to(&mut field, TEXT_LIMIT).await?.ok_or_else(unreadable)?;
        fields.push((name, String::from_utf8(text).map_err(|_| unreadable())?));
        if fields.len() > MOST_FIELDS {
            return Err(unreadable());
        }
    }
    Ok((fields, file))
}

async fn read_file(field: &mut Field) -> Result<UploadedFile, Refusal> {
    let name = field.content_disposition().and_then(|disposition| disposition.get_filename());
    let name = name.unwrap_or_default().to_owned();
    Ok(match read_up_to(field, FILE_LIMIT).await? {
        None => UploadedFile::TooLarge,
        Some(content) if content.is_empty() && name.is_empty() => UploadedFile::None,
        Some(content) => UploadedFile::File { name, content },
    })
}

/// The bytes of a field; none when they are more than the limit, and then read to their end all the same.
async fn read_up_to(field: &mut Field, limit: usize) -> Result<Option<Vec<u8>>, Refusal> {
    let (mut bytes, mut length) = (Vec::new(), 0_usize);
    while let Some(chunk) = field.next().await {
        let chunk = chunk.map_err(|_| unreadable())?;
        length = length.saturating_add(chunk.len());
        match length {
            fitting if fitting <= limit => bytes.extend_from_slice(&chunk),
            endless if endless > PATIENCE => return Err(unreadable()),
            // What is too large is not kept either.
            _ => bytes.clear(),
        }
    }
    Ok((length <= limit).then_some(bytes))
}

fn unreadable() -> Refusal {
    Refusal::new(
        Kind::Invalid,
        "unreadable",
        "That form could not be read. Open the page again and send the file once more.",
    )
}
