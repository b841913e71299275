//! Shapes that many answers share: lists, pages, times.
//!
//! Decides: `{"count", "next", "previous", "results"}`, and seconds for times. Never: what is
//! listed.

use axum::http::Uri;
use quicksync_store::{Page, PageRequest};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::ApiError;
use crate::config::PublicUrl;

/// Items of a page if the request does not say.
const DEFAULT_PAGE_SIZE: u32 = 50;
/// Most items of a page.
const MAX_PAGE_SIZE: u32 = 500;

/// A slice of a list.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct List<T> {
    /// How many there are in all.
    count: u64,
    /// URL of the next page, if there is one.
    next: Option<String>,
    /// URL of the page before, if there is one.
    previous: Option<String>,
    results: Vec<T>,
}

impl<T> List<T> {
    /// A list that is always given whole.
    pub(crate) fn whole<R: Into<T>>(rows: impl IntoIterator<Item = R>) -> Self {
        let results: Vec<T> = rows.into_iter().map(Into::into).collect();
        Self { count: results.len() as u64, next: None, previous: None, results }
    }

    /// One page, with the URLs of its neighbours.
    pub(crate) fn page<R>(
        page: Page<R>,
        asked: &PageQuery,
        here: (&PublicUrl, &Uri),
        convert: impl FnMut(R) -> T,
    ) -> Self {
        let number = asked.page.unwrap_or(1);
        let seen = u64::from(number) * u64::from(asked.size());
        let link = |number: u32| page_link(here.0, here.1, number);
        Self {
            count: page.count,
            next: (seen < page.count).then(|| link(number.saturating_add(1))),
            previous: (number > 1).then(|| link(number - 1)),
            results: page.items.into_iter().map(convert).collect(),
        }
    }
}

/// Which page, and how long.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct PageQuery {
    /// Counted from 1.
    #[param(minimum = 1)]
    page: Option<u32>,
    /// Items per page; 50 if not given.
    #[param(minimum = 1, maximum = 500)]
    page_size: Option<u32>,
}

impl PageQuery {
    fn size(&self) -> u32 {
        self.page_size.unwrap_or(DEFAULT_PAGE_SIZE)
    }

    /// The slice to ask the store for.
    pub(crate) fn request(&self) -> Result<PageRequest, ApiError> {
        let limit = self.size();
        if !(1..=MAX_PAGE_SIZE).contains(&limit) {
            return Err(ApiError::invalid("page_size", "page_size is 1 to 500."));
        }
        let page = self.page.unwrap_or(1);
        if page == 0 {
            return Err(ApiError::invalid("page", "Pages are counted from 1."));
        }
        Ok(PageRequest { offset: u64::from(page - 1) * u64::from(limit), limit })
    }
}

/// The URL asked for, with another page number.
fn page_link(public: &PublicUrl, uri: &Uri, number: u32) -> String {
    let pairs = url::form_urlencoded::parse(uri.query().unwrap_or_default().as_bytes());
    let mut query = url::form_urlencoded::Serializer::new(String::new());
    query.extend_pairs(pairs.filter(|(name, _)| name != "page"));
    query.append_pair("page", &number.to_string());
    format!("{}?{}", public.absolute(uri.path()), query.finish())
}

/// Unix time in seconds, from microseconds.
#[expect(clippy::cast_precision_loss, reason = "microseconds fit in 53 bits until the year 2255")]
pub(crate) fn unix_s(us: i64) -> f64 {
    us as f64 / 1e6
}
