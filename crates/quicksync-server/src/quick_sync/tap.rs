//! Listens in on media requests: what players say (CMCD), what connections carried (TCP_INFO), how
//! much was sent; and says back what is believed (CMSD, CTA-5006).
//!
//! Decides: which headers an answer gets. A tap never refuses or delays media: what cannot be read
//! or kept is logged. Never: the bytes that are answered.

use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use axum::body::{Body, Bytes};
use axum::extract::{Request, State};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, Uri};
use axum::middleware::Next;
use axum::response::Response;
use hyper::body::{Frame, SizeHint};
use quicksync_model::{Quality, Timestamp};
use quicksync_sense::{Cmcd, Measurement, Source, TcpSample};
use quicksync_store::{Declaration, NewThroughputSample};

use super::advice::advise_quietly;
use super::again::Again;
use super::link::Link;
use super::load;
use super::pending::Sent;
use super::said::{Keys, Ruled};
use super::surroundings::{DeviceKey, Surroundings, network_key, saves_data};
use crate::auth::Caller;
use crate::client_address::ClientAddress;
use crate::extract::query_value;
use crate::serve::ConnectionInfo;
use crate::{ApiError, ServerState};

/// The headers of CMCD.
const CMCD_HEADERS: [&str; 4] = ["cmcd-request", "cmcd-object", "cmcd-status", "cmcd-session"];
pub(crate) const CMSD_DYNAMIC: HeaderName = HeaderName::from_static("cmsd-dynamic");
/// The quality that the bytes of an answer are, as the media routes say it.
const QUALITY_HEADER: &str = "quick-sync-quality";
/// Bytes between two looks at a connection that carries one long answer.
const LOOK_EVERY_BYTES: u64 = 64_000;

/// The tap as a layer behind the gate of the media routes.
pub(crate) async fn tap(
    State(state): State<ServerState>,
    request: Request,
    next: Next,
) -> Response {
    let (parts, body) = request.into_parts();
    let heard = parts.extensions.get().map(|caller| Heard::of(&parts, caller));
    let answering = next.run(Request::from_parts(parts, body));
    match heard {
        Some(heard) => heard.answered(state, answering).await.0,
        None => answering.await,
    }
}

/// What a request says, and over which connection.
pub(crate) struct Heard {
    device: DeviceKey,
    is_get: bool,
    address: Option<ClientAddress>,
    connection: Option<ConnectionInfo>,
    record: Option<Cmcd>,
    saves_data: bool,
}

impl Heard {
    /// What a request of this caller says.
    pub(crate) fn of(request: &Parts, caller: &Caller) -> Self {
        Self {
            device: (caller.user_id, caller.device_id),
            is_get: request.method == Method::GET,
            address: request.extensions.get::<ClientAddress>().copied(),
            connection: request.extensions.get::<ConnectionInfo>().cloned(),
            record: record_of(&request.uri, &request.headers),
            saves_data: saves_data(&request.headers),
        }
    }

    /// Takes it in, and marks and counts what is answered. With it, what need not be found out again
    /// for the next request, if that says the same.
    pub(crate) async fn answered(
        self,
        state: ServerState,
        answering: impl Future<Output = Response>,
    ) -> (Response, Option<Again>) {
        let listened = listen(&state, &self).await;
        let response = answering.await;
        match listened {
            Ok(surroundings) if self.is_get && response.status().is_success() => {
                answer(state, self, surroundings, response).await
            }
            Ok(_) => (response, None),
            Err(error) => {
                tracing::warn!(?error, "could not take in what a media request says");
                (response, None)
            }
        }
    }
}

/// What the player says in the query or the headers; what cannot be read is as if unsaid.
fn record_of(uri: &Uri, headers: &HeaderMap) -> Option<Cmcd> {
    let record = match query_value(uri, "CMCD") {
        Some(text) => Cmcd::parse(&text),
        None => {
            let values = CMCD_HEADERS.iter().filter_map(|name| headers.get(*name)?.to_str().ok());
            Cmcd::from_headers(values)
        }
    };
    match record {
        Ok(record) => Some(record).filter(|record| !record.is_empty()),
        Err(error) => {
            tracing::debug!(%error, "unreadable CMCD");
            None
        }
    }
}

async fn listen(state: &ServerState, heard: &Heard) -> Result<Surroundings, ApiError> {
    let (store, now, sensing) = (state.store(), state.now(), state.sensing());
    let key = heard.address.map(|address| network_key(state, address));
    let declared =
        Declaration { saves_data: heard.saves_data.then_some(true), ..Declaration::default() };
    let surroundings = sensing.declare(store, heard.device, (declared, key), now).await?;
    if let Some(record) = &heard.record {
        sensing.hear(store, heard.device, record, now).await?;
    }
    if let Some(sample) = link_of(state, heard).and_then(|link| link.measure()) {
        take(state, heard.device, surroundings, sample).await?;
    }
    Ok(surroundings)
}

/// The link that the request came over, unless a proxy is at its other end.
fn link_of(state: &ServerState, heard: &Heard) -> Option<Arc<Link>> {
    let connection = heard.connection.as_ref()?;
    let peer = connection.peer().ip().to_canonical();
    let is_proxy = state.config().trusted_proxies.iter().any(|network| network.contains(&peer));
    (!is_proxy).then(|| state.sensing().links.join(heard.device, connection))
}

/// Lets a sample count, and keeps it with the next batch.
async fn take(
    state: &ServerState,
    device: DeviceKey,
    surroundings: Surroundings,
    sample: TcpSample,
) -> Result<(), ApiError> {
    let now = state.now();
    state.sensing().fill(state.store(), device, now).await?;
    take_held(state, (device, surroundings), sample, now);
    Ok(())
}

/// The same for a device whose figures are held in memory.
pub(super) fn take_held(
    state: &ServerState,
    (device, surroundings): (DeviceKey, Surroundings),
    sample: TcpSample,
    now: Timestamp,
) {
    let found = Measurement { throughput: sample.throughput, at: now, explicit: false };
    let sensing = state.sensing();
    sensing.record_held(device, (Source::Connection, found), now);
    sensing.note_rtt(device, sample.rtt_us);
    sensing.pending.add_sample(row(device, surroundings, sample, now));
}

fn row(
    (user_id, device_id): DeviceKey,
    surroundings: Surroundings,
    sample: TcpSample,
    now: Timestamp,
) -> NewThroughputSample {
    NewThroughputSample {
        user_id,
        device_id,
        source: Source::Connection.as_str().to_owned(),
        network_kind: surroundings.kind,
        network_key: surroundings.key,
        measured_us: now.as_micros(),
        bytes: sample.bytes,
        duration_us: sample.duration_us,
        throughput_bps: sample.throughput.bps(),
    }
}

/// The answer with what is believed in its head, and its body counted.
async fn answer(
    state: ServerState,
    heard: Heard,
    surroundings: Surroundings,
    mut response: Response,
) -> (Response, Option<Again>) {
    match cmsd(&state, heard.device, surroundings).await {
        Ok(Some(value)) => {
            response.headers_mut().insert(CMSD_DYNAMIC, value);
        }
        Ok(None) => {}
        Err(error) => tracing::warn!(?error, "could not say what is believed of a network"),
    }
    let quality = response.headers().get(QUALITY_HEADER).and_then(|value| value.to_str().ok());
    let quality = quality.and_then(|word| word.parse().ok());
    let link = link_of(&state, &heard);
    let again = quality
        .filter(|_| heard.record.is_none())
        .map(|quality| Again::new((heard.device, surroundings), quality, link.clone()));
    let link = link.map(|link| (link.watch(), link));
    let (bytes, looked_at) = (0, 0);
    let tally = Tally { state, heard, surroundings, quality, bytes, looked_at, link };
    (response.map(|body| Body::new(Counted { body, tally })), again)
}

/// `CMSD-Dynamic`.
async fn cmsd(
    state: &ServerState,
    device: DeviceKey,
    surroundings: Surroundings,
) -> Result<Option<HeaderValue>, ApiError> {
    let (sensing, now) = (state.sensing(), state.now());
    let load = load::of(state, now);
    let occasion = (state.store().changes(), surroundings);
    if let Some(said) = sensing.said(device, occasion, &load, now) {
        return Ok(said);
    }
    let advice = Box::pin(advise_quietly(state, device)).await?;
    let ruled = Ruled::new(&advice.standing, occasion, now);
    sensing.note_rules(device, ruled);
    let belief = (&advice.belief.estimate, advice.belief.rtt_us);
    Ok(Keys::new(&ruled, belief, &advice.load, advice.now).header())
}

/// What is sent to whom, while it is sent.
struct Tally {
    state: ServerState,
    heard: Heard,
    surroundings: Surroundings,
    quality: Option<Quality>,
    bytes: u64,
    looked_at: u64,
    /// As long as the first is held the link is looked at, whether or not bytes move.
    link: Option<(Arc<()>, Arc<Link>)>,
}

impl Tally {
    fn add(&mut self, bytes: usize) {
        if self.bytes - self.looked_at >= LOOK_EVERY_BYTES {
            self.look();
        }
        self.bytes = self.bytes.saturating_add(u64::try_from(bytes).unwrap_or(u64::MAX));
    }

    /// A long answer is looked at while it goes out; taking the sample in needs no waiting for.
    fn look(&mut self) {
        self.looked_at = self.bytes;
        let Some(sample) = self.link.as_ref().and_then(|(_, link)| link.measure()) else { return };
        let (state, device, surroundings) =
            (self.state.clone(), self.heard.device, self.surroundings);
        tokio::spawn(async move { keep(&state, device, surroundings, sample).await });
    }
}

async fn keep(
    state: &ServerState,
    device: DeviceKey,
    surroundings: Surroundings,
    sample: TcpSample,
) {
    if let Err(error) = take(state, device, surroundings, sample).await {
        tracing::warn!(?error, "could not take in what a connection carried");
    }
}

impl Drop for Tally {
    fn drop(&mut self) {
        let sent = Sent::of(self.bytes, self.quality, self.surroundings);
        let (state, device) = (&self.state, self.heard.device);
        state.sensing().pending.add_sent(device, sent, state.now());
        let Some(connection) = &self.heard.connection else { return };
        let Some((_, link)) = self.link.take() else { return };
        // The last answer of a connection is known to have arrived only when that ends.
        let (state, surroundings) = (state.clone(), self.surroundings);
        connection.at_end(Box::new(move || {
            if let Some(sample) = link.measure_last() {
                tokio::spawn(async move { keep(&state, device, surroundings, sample).await });
            }
        }));
    }
}

/// A body that is counted as it goes.
struct Counted {
    body: Body,
    tally: Tally,
}

impl hyper::body::Body for Counted {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        let polled = Pin::new(&mut self.body).poll_frame(cx);
        if let Poll::Ready(Some(Ok(frame))) = &polled
            && let Some(data) = frame.data_ref()
        {
            let bytes = data.len();
            self.tally.add(bytes);
        }
        polled
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}
