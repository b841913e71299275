//! Telemetry on its way to the store, gathered so that a segment costs no write of its own.
//!
//! Decides: nothing. Bounded; what is lost in a crash is a few seconds of it. Never: what a user
//! gave us, which is written before it is acknowledged.

use std::sync::{Mutex, MutexGuard, PoisonError};

use foldhash::HashMap;
use quicksync_model::{NetworkKind, Quality, Timestamp};
use quicksync_sense::ProbeReport;
use quicksync_store::{NewThroughputSample, Store, StoreError, TargetRow, UsageRow};
use uuid::Uuid;

use super::surroundings::{DeviceKey, Surroundings};

/// Samples kept per device: about a day of constant playback.
pub(super) const KEEP_PER_DEVICE: u32 = 20_000;
/// Samples held at most; the newest are kept.
const MAX_SAMPLES: usize = 20_000;
/// What is kept of each target.
pub(super) const KEEP_PER_TARGET: u32 = 50;
const DAY_US: i64 = 24 * 3600 * 1_000_000;

/// One line of the ledger.
type Line = (Uuid, Uuid, i64, NetworkKind, bool);

#[derive(Debug, Default)]
pub(crate) struct Pending(Mutex<Waiting>);

#[derive(Debug, Default)]
struct Waiting {
    samples: Vec<NewThroughputSample>,
    usage: HashMap<Line, (u64, u64)>,
    targets: Vec<TargetRow>,
}

/// Media that was sent to a device.
#[derive(Clone, Copy, Debug)]
pub(super) struct Sent {
    pub(super) kind: NetworkKind,
    pub(super) is_metered: bool,
    pub(super) bytes: u64,
    pub(super) audio_ms: u64,
}

impl Sent {
    /// So many bytes of a quality, if they are of one.
    pub(super) fn of(bytes: u64, quality: Option<Quality>, here: Surroundings) -> Self {
        let kbps = quality.map(|quality| u64::from(quality.bitrate().kbps()));
        Self {
            kind: here.kind,
            is_metered: here.is_metered(),
            bytes,
            audio_ms: kbps.map_or(0, |kbps| bytes.saturating_mul(8) / kbps),
        }
    }
}

impl Pending {
    pub(super) fn add_sample(&self, sample: NewThroughputSample) {
        let mut waiting = self.waiting();
        if waiting.samples.len() >= MAX_SAMPLES {
            waiting.samples.drain(..MAX_SAMPLES / 2);
        }
        waiting.samples.push(sample);
    }

    pub(super) fn add_sent(&self, (user, device): DeviceKey, sent: Sent, now: Timestamp) {
        let day = now.as_micros().div_euclid(DAY_US);
        let mut waiting = self.waiting();
        let line = waiting.usage.entry((user, device, day, sent.kind, sent.is_metered));
        let (bytes, audio_ms) = line.or_default();
        *bytes = bytes.saturating_add(sent.bytes);
        *audio_ms = audio_ms.saturating_add(sent.audio_ms);
    }

    pub(super) fn add_report(&self, report: &ProbeReport, at: Timestamp) {
        let rows = report.targets.iter().map(|target| TargetRow {
            url: target.url.clone(),
            measured_us: at.as_micros(),
            bytes: target.outcome.as_ref().map_or(0, |transfer| transfer.bytes),
            duration_us: target.outcome.as_ref().map_or(0, |transfer| {
                u64::try_from(transfer.duration.as_micros()).unwrap_or(u64::MAX)
            }),
            error: target.outcome.as_ref().err().map(ToString::to_string),
        });
        self.waiting().targets.extend(rows.take(MAX_SAMPLES));
    }

    /// What of a device's data is not in the store yet.
    pub(super) fn usage_of(&self, device: DeviceKey) -> Vec<UsageRow> {
        let waiting = self.waiting();
        let mine = waiting.usage.iter().filter(|(line, _)| (line.0, line.1) == device);
        mine.map(usage_row).collect()
    }

    /// Drops what belongs to the devices meant.
    pub(super) fn forget(&self, is_meant: impl Fn(&DeviceKey) -> bool) {
        let mut waiting = self.waiting();
        waiting.samples.retain(|sample| !is_meant(&(sample.user_id, sample.device_id)));
        waiting.usage.retain(|line, _| !is_meant(&(line.0, line.1)));
    }

    /// Hands everything to the store, the ledger first. What of that cannot be written waits for the
    /// next time.
    pub(crate) async fn flush(&self, store: &dyn Store) -> Result<(), StoreError> {
        let Waiting { samples, usage, targets } = std::mem::take(&mut *self.waiting());
        let rows: Vec<UsageRow> = usage.iter().map(usage_row).collect();
        let written = if rows.is_empty() { Ok(()) } else { store.add_usage(&rows).await };
        if written.is_err() {
            self.put_back(usage);
        }
        if !samples.is_empty() {
            store.add_samples(&samples, KEEP_PER_DEVICE).await?;
        }
        if !targets.is_empty() {
            store.add_targets(&targets, KEEP_PER_TARGET).await?;
        }
        written
    }

    fn put_back(&self, usage: HashMap<Line, (u64, u64)>) {
        let mut waiting = self.waiting();
        for (line, (bytes, audio_ms)) in usage {
            let (held, held_ms) = waiting.usage.entry(line).or_default();
            *held = held.saturating_add(bytes);
            *held_ms = held_ms.saturating_add(audio_ms);
        }
    }

    fn waiting(&self) -> MutexGuard<'_, Waiting> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn usage_row(
    ((user_id, device_id, day, kind, is_metered), sent): (&Line, &(u64, u64)),
) -> UsageRow {
    UsageRow {
        user_id: *user_id,
        device_id: *device_id,
        day: *day,
        network_kind: *kind,
        is_metered: *is_metered,
        bytes: sent.0,
        audio_ms: sent.1,
    }
}

#[cfg(test)]
mod tests {
    use quicksync_store::SqliteStore;

    use super::*;

    #[tokio::test]
    async fn a_ledger_that_cannot_be_written_waits_for_the_next_time() {
        let device = (Uuid::from_u128(1), Uuid::from_u128(2));
        let (pending, now) = (Pending::default(), Timestamp::from_micros(5 * DAY_US));
        let sent = Sent { kind: NetworkKind::Wifi, is_metered: true, bytes: 700, audio_ms: 20 };
        let fill = || {
            pending.add_sent(device, sent, now);
            pending.add_sample(NewThroughputSample {
                user_id: device.0,
                device_id: device.1,
                source: "connection".to_owned(),
                network_kind: NetworkKind::Wifi,
                network_key: [0; 8],
                measured_us: now.as_micros(),
                bytes: 700,
                duration_us: 1000,
                throughput_bps: 1e6,
            });
        };
        let store = SqliteStore::open_in_memory().await.unwrap();
        store.close().await;
        for bytes in [700, 1400] {
            fill();
            assert!(pending.flush(&store).await.is_err());
            let waiting: Vec<_> = pending.usage_of(device).iter().map(|row| row.bytes).collect();
            assert_eq!(waiting, [bytes]);
        }
        pending.forget(|key| *key == device);
        assert_eq!(pending.usage_of(device), []);
    }
}
