//! From words to a message.

use lettre::{
    Address, Message,
    message::{
        Mailbox, MultiPart,
        header::{HeaderName, HeaderValue},
    },
};

use crate::{Mail, MailError, Rendered, clean};

/// Longer ids make lines that servers refuse.
const LONGEST_ID: usize = 200;

/// Builds the message; all headers are written by the mail crate, which encodes what is not plain.
pub(crate) fn compose(from: &Mailbox, mail: &Mail, words: &Rendered) -> Result<Message, MailError> {
    check_id(&mail.id)?;
    let address: Address =
        mail.to.parse().map_err(|e| MailError::permanent(format!("{:?} is not an address of mail: {e}", mail.to)))?;
    let name = clean::line(mail.content.to_name(), 100);
    let to = Mailbox::new(Some(name).filter(|name| !name.is_empty()), address);
    // RFC 3834: machines shall not answer it.
    let automatic = HeaderName::new_from_ascii_str("Auto-Submitted");
    Message::builder()
        .from(from.clone())
        .to(to)
        .subject(&words.subject)
        .date(mail.at.into())
        .message_id(Some(format!("<{}@{}>", mail.id, from.email.domain())))
        .raw_header(HeaderValue::new(automatic, "auto-generated".to_owned()))
        .multipart(MultiPart::alternative_plain_html(words.text.clone(), words.html.clone()))
        .map_err(|e| MailError::permanent(format!("the message cannot be built: {e}")))
}

/// The id stands in a header and in the name of a file.
fn check_id(id: &str) -> Result<(), MailError> {
    let plain = id.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.'));
    if plain && id.len() <= LONGEST_ID && id.starts_with(|c: char| c.is_ascii_alphanumeric()) {
        return Ok(());
    }
    Err(MailError::permanent(format!("{id:?} cannot be the id of a message")))
}
