//! The file of an order, for saving: what somebody uploaded must not be shown in the name of this site.

use axum::{
    body::Body,
    extract::State,
    http::{HeaderValue, header},
    response::{IntoResponse as _, Response},
};
use form_urlencoded::byte_serialize;
use mercat_app::{
    AppError,
    orders::{open_media, retrieve},
};

use super::{AskedFor, id_of};
use crate::{page, session::Viewer, site::Site};

/// Sends it.
pub(crate) async fn download(State(site): State<Site>, viewer: Viewer, path: AskedFor) -> Response {
    match sent(&site, &viewer, path).await {
        Ok(response) => response,
        Err(error) => page::failed_here(&error),
    }
}

async fn sent(site: &Site, viewer: &Viewer, path: AskedFor) -> Result<Response, AppError> {
    let order = retrieve(&site.app, &viewer.actor, &id_of(path)?.into()).await?;
    let (media, content) = match order.row.attachment {
        Some(id) => open_media(&site.app, &viewer.actor, id).await?,
        None => return Err(AppError::NotFound),
    };
    let kind = HeaderValue::try_from(media.mime).unwrap_or(HeaderValue::from_static("application/octet-stream"));
    let named = HeaderValue::try_from(disposition(&media.name)).unwrap_or(HeaderValue::from_static("attachment"));
    let headers = [
        (header::CONTENT_TYPE, kind),
        (header::CONTENT_LENGTH, HeaderValue::from(media.size)),
        (header::CONTENT_DISPOSITION, named),
        (header::CONTENT_SECURITY_POLICY, HeaderValue::from_static("default-src 'none'; sandbox")),
    ];
    Ok((headers, Body::from_stream(content)).into_response())
}

/// As RFC 8187 writes names: what may stand in a URL may stand there too, but for two characters.
fn disposition(name: &str) -> String {
    let name: String = byte_serialize(name.as_bytes()).collect();
    format!("attachment; filename*=UTF-8''{}", name.replace('+', "%20").replace('*', "%2A"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_cannot_break_out_of_the_header() {
        let name = disposition("Å *+\"; x=1\r\n.pdf");
        assert_eq!(name, "attachment; filename*=UTF-8''%C3%85%20%2A%2B%22%3B%20x%3D1%0D%0A.pdf");
    }
}
