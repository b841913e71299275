//! Finished playback sessions, one after another, each compared with the best there could have been.
//!
//! Decides: which session is next and where its transfers are found. What is not done yet is found
//! in the store, so a restart forgets nothing. Never: two at once; a request that waits for it.

use std::thread;

use quicksync_model::Quality;
use quicksync_sense::Source;
use quicksync_store::{NewThroughputSample, SessionEventRow, SessionRow, StoreError};
use tokio::sync::oneshot;

use super::hindsight::{MOST_TRANSFERS, Outcome, Transfer, look_back};
use crate::ServerState;
use crate::segment_source::SourceAudio;

/// A session of which nothing was heard for so long has ended, microseconds.
const QUIET_US: i64 = 3600 * 1_000_000;
/// Samples of a device that are looked through, the newest.
const MOST_SAMPLES: u32 = 20_000;
/// What arrived so long after the last event still belongs to the session, microseconds.
const AFTER_US: i64 = 60 * 1_000_000;

/// The lowest priority there is: nice(2).
#[cfg(target_os = "linux")]
const LOWEST_PRIORITY: i32 = 19;

/// Compares the session that waits longest; false if none waits. Takes some seconds of a processor
/// that nobody else wants.
///
/// # Errors
/// See [`StoreError`].
pub async fn compare_session(state: &ServerState) -> Result<bool, StoreError> {
    let store = state.store();
    let quiet_since_us = state.now().as_micros().saturating_sub(QUIET_US);
    let Some(row) = store.session_to_compare(quiet_since_us).await? else { return Ok(false) };
    let transfers = transfers(state, &row).await?;
    let (looked_at, best) = (row.clone(), best_offered(state, &row).await?);
    let hindsight = in_background(move || look_back(&looked_at, &transfers, best)).await;
    let hindsight = hindsight.unwrap_or_else(|| {
        tracing::error!(session = %row.id, "could not compare a playback session");
        Outcome::Failed.row()
    });
    store.put_hindsight(&row, &hindsight).await?;
    Ok(true)
}

/// The best quality that the session could have had: of the track it began with, or of a later one
/// that was heard. A track that is gone may have had any.
async fn best_offered(state: &ServerState, row: &SessionRow) -> Result<Quality, StoreError> {
    let track = match row.track_id {
        Some(id) => state.store().track(id).await?,
        None => None,
    };
    let source = track.as_ref().and_then(SourceAudio::of);
    let offered = source.map_or(Quality::Ultra, |source| source.ladder().serve(Quality::Ultra));
    let heard = Quality::ALL.into_iter().zip(row.heard_ms).filter(|(_, ms)| *ms > 0);
    Ok(heard.map(|(quality, _)| quality).fold(offered, Ord::max))
}

/// Runs `work` at the lowest priority; `None` if it panicked. On a thread of its own, that ends with
/// it: one that gave way once may not take that back.
async fn in_background<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Option<T> {
    let (answer, answered) = oneshot::channel();
    let started = thread::Builder::new().name("background".into()).spawn(move || {
        give_way();
        let _nobody_waits = answer.send(work());
    });
    if let Err(error) = started {
        tracing::warn!(%error, "no thread for work in the background");
    }
    answered.await.ok()
}

/// Lowers this thread's priority. Elsewhere than on Linux it would be that of the whole process.
fn give_way() {
    #[cfg(target_os = "linux")]
    if let Err(error) = rustix::process::setpriority_process(None, LOWEST_PRIORITY) {
        tracing::debug!(%error, "work in the background does not give way");
    }
}

/// The transfers that the player timed; else those that it, or our own kernel, sampled meanwhile.
async fn transfers(state: &ServerState, row: &SessionRow) -> Result<Vec<Transfer>, StoreError> {
    let store = state.store();
    let events = store.session_events(row.user_id, row.id).await?;
    let told: Vec<_> = events.iter().filter_map(fetched).take(MOST_TRANSFERS).collect();
    if !told.is_empty() {
        return Ok(told);
    }
    let device = Some(row.device_id);
    let samples = store.samples(row.user_id, device, row.started_us, MOST_SAMPLES).await?;
    let until_us = row.ended_us.unwrap_or(row.updated_us).saturating_add(AFTER_US);
    let meanwhile = |source: Source| {
        let of_source = samples.iter().rev().map(|sample| &sample.sample);
        let of_source = of_source.filter(move |sample| {
            sample.source == source.as_str() && sample.measured_us <= until_us
        });
        of_source.take(MOST_TRANSFERS).map(sampled).collect::<Vec<_>>()
    };
    let played = meanwhile(Source::Playback);
    Ok(if played.is_empty() { meanwhile(Source::Connection) } else { played })
}

fn fetched(event: &SessionEventRow) -> Option<Transfer> {
    let detail: serde_json::Value = serde_json::from_str(&event.detail).ok()?;
    let number = |name: &str| detail.get(name)?.as_u64();
    let is_fetched = event.kind == "fetched";
    let (bytes, duration_ms) = is_fetched.then(|| number("bytes").zip(number("duration_ms")))??;
    let duration_us = duration_ms.saturating_mul(1000);
    // Nothing arrives in no time: nobody timed it.
    let is_timed = duration_us > 0;
    is_timed.then_some(Transfer { ended_us: event.at_us, duration_us, bytes })
}

fn sampled(sample: &NewThroughputSample) -> Transfer {
    Transfer { ended_us: sample.measured_us, duration_us: sample.duration_us, bytes: sample.bytes }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn work_in_the_background_gives_way_and_leaves_others_as_they_are() {
        // proc(5): the 19th field; the name, in brackets, is the second.
        let nice = || -> i32 {
            let stat = std::fs::read_to_string("/proc/thread-self/stat").unwrap();
            let (_, rest) = stat.rsplit_once(')').unwrap();
            rest.split_whitespace().nth(16).unwrap().parse().unwrap()
        };
        let before = nice();
        assert_eq!(in_background(nice).await, Some(19));
        assert_eq!(nice(), before);
        assert_eq!(in_background(|| -> i32 { panic!("on purpose") }).await, None);
    }
}
