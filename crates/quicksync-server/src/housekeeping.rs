//! What goes on beside the requests: telemetry is written, what is old is forgotten.
//!
//! Decides: how often. A failure is logged and tried again. Never: anything that a request waits
//! for.

use std::time::Duration;

use quicksync_store::{Retention, StoreError};

use crate::ServerState;
use crate::quick_sync::{compare_session, load_of};

/// How often gathered telemetry is written: what a crash may lose of it.
const WRITE_EVERY: Duration = Duration::from_secs(5);
/// Rounds of writing between two of forgetting: an hour.
const FORGET_EVERY: u32 = 720;
/// The ledger outlives history: a year and a month, in days.
const USAGE_DAYS: i64 = 396;
const DAY_US: i64 = 24 * 3600 * 1_000_000;

/// How often finished playback sessions are looked for.
const LOOK_BACK_EVERY: Duration = Duration::from_secs(60);

/// Keeps house until it is dropped.
pub async fn keep_house(state: ServerState) {
    tokio::join!(tidy_up(&state), look_back(&state), heed_host(&state));
}

/// Looks at every sample of the host, whether or not anybody asks: a load ends once it was calm for
/// some time.
async fn heed_host(state: &ServerState) {
    let mut readings = state.sensing().host_readings();
    while readings.changed().await.is_ok() {
        load_of(state, state.now());
    }
}

/// Compares finished playback sessions with the best there could have been, one at a time; while the
/// host is busy they wait.
async fn look_back(state: &ServerState) {
    loop {
        tokio::time::sleep(LOOK_BACK_EVERY).await;
        while load_of(state, state.now()).cause.is_none() {
            match compare_session(state).await {
                Ok(true) => {}
                Ok(false) => break,
                Err(error) => {
                    tracing::warn!(%error, "could not look back at a playback session");
                    break;
                }
            }
        }
    }
}

async fn tidy_up(state: &ServerState) {
    let mut round = 0_u32;
    loop {
        if round.is_multiple_of(FORGET_EVERY) {
            log("forget old history", forget(state).await);
        }
        round = round.wrapping_add(1);
        tokio::time::sleep(WRITE_EVERY).await;
        log("write telemetry", write(state).await);
    }
}

/// Writes what was gathered since the last time. Call it once more before the store closes.
///
/// # Errors
/// See [`StoreError`].
pub async fn write(state: &ServerState) -> Result<(), StoreError> {
    state.sensing().flush(state.store()).await
}

async fn forget(state: &ServerState) -> Result<(), StoreError> {
    let now_us = state.now().as_micros();
    let days = i64::from(state.config().history_days);
    let retention = Retention {
        history_before_us: now_us.saturating_sub(days * DAY_US),
        usage_before_day: now_us.div_euclid(DAY_US) - USAGE_DAYS,
    };
    let forgotten = state.store().forget_older(retention).await?;
    tracing::debug!(forgotten, "forgot old history");
    Ok(())
}

fn log(what: &str, done: Result<(), StoreError>) {
    if let Err(error) = done {
        tracing::warn!(%error, "could not {what}");
    }
}
