//! An input error that waits: use cases take `Result<input, AppError>` and look at it only after their own checks
//! (spec 3.1), but not every error of a body is one of theirs.

use mercat_app::AppError;

use crate::error::ApiError;

/// The error that stands for one that the use cases do not know.
const WAITING: &str = "a body that could not be read";

/// What was wrong with a body, until somebody asks.
pub(crate) struct Deferred(Option<ApiError>);

impl Deferred {
    /// The input as use cases take it.
    pub fn split<T>(input: Result<T, ApiError>) -> (Result<T, AppError>, Self) {
        match input {
            Ok(input) => (Ok(input), Self(None)),
            Err(ApiError::App(error)) => (Err(error), Self(None)),
            Err(other) => (Err(AppError::BrokenUpload(WAITING.to_owned())), Self(Some(other))),
        }
    }

    /// The error that the use case met, with the original in place of the stand-in.
    pub fn restore(self, error: AppError) -> ApiError {
        match (error, self.0) {
            (AppError::BrokenUpload(text), Some(original)) if text == WAITING => original,
            (error, _) => error.into(),
        }
    }
}

#[cfg(test)]
mod tests {
    use axum::http::StatusCode;

    use super::*;

    #[test]
    fn the_original_comes_back_only_where_it_stopped_the_use_case() {
        let unsupported = || Err::<(), _>(ApiError::detail(StatusCode::UNSUPPORTED_MEDIA_TYPE, "text"));
        let (input, deferred) = Deferred::split(unsupported());
        let restored = deferred.restore(input.expect_err("deferred"));
        assert!(matches!(restored, ApiError::Detail(StatusCode::UNSUPPORTED_MEDIA_TYPE, _)));
        let (_, deferred) = Deferred::split(unsupported());
        assert!(matches!(deferred.restore(AppError::Forbidden), ApiError::App(AppError::Forbidden)));
    }
}
