//! The figures of every device that asked lately, and the probe and host sampler that feed them.
//!
//! Decides: when a probe may start without being asked for. One user's figures never reach another:
//! every figure is kept under its user and device. A restart loses nothing that was posted: views
//! are filled from the store.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use quicksync_model::{Throughput, Timestamp};
use quicksync_sense::{
    CdnProbe, Estimate, HostReading, MAX_AGE_US, Measurement, NetworkView, ProbeReport, Source,
};
use quicksync_store::{NewThroughputSample, Store, StoreError, ThroughputSampleRow};
use tokio::sync::watch;
use uuid::Uuid;

use crate::Clock;

/// Devices whose figures are held in memory; more are read again from the store.
const MAX_VIEWS: usize = 16_384;
/// Samples kept per device: about a day of constant playback.
pub(super) const KEEP_PER_DEVICE: u32 = 20_000;
/// Samples a view is filled from.
const HISTORY_SAMPLES: u32 = 64;
/// How far back history reaches.
const HISTORY_US: i64 = 30 * 24 * 3600 * 1_000_000;
/// Least time between two probes that nobody asked for, over all users.
const BACKGROUND_GAP_US: u64 = 10 * 1_000_000;

/// A user and a device of theirs.
pub(crate) type DeviceKey = (Uuid, Uuid);

/// What is known of every listener's network, and of this host.
#[derive(Debug)]
pub struct Sensing {
    probe: CdnProbe,
    host: watch::Receiver<HostReading>,
    views: Mutex<HashMap<DeviceKey, Entry>>,
    last_background: Mutex<Option<Timestamp>>,
}

#[derive(Debug, Default)]
struct Entry {
    view: NetworkView,
    touched: Timestamp,
    probed: Option<Timestamp>,
}

impl Sensing {
    /// Figures fed by `probe` and by whoever samples the host into `host`.
    #[must_use]
    pub fn new(probe: CdnProbe, host: watch::Receiver<HostReading>) -> Self {
        Self { probe, host, views: Mutex::default(), last_background: Mutex::default() }
    }

    /// How busy the host was at the last sample.
    pub(crate) fn host(&self) -> HostReading {
        *self.host.borrow()
    }

    /// What to believe of a device's network at `now`.
    ///
    /// # Errors
    /// See [`StoreError`].
    pub(crate) async fn estimate(
        &self,
        store: &dyn Store,
        device: DeviceKey,
        now: Timestamp,
    ) -> Result<Estimate, StoreError> {
        self.fill(store, device, now).await?;
        let mut views = self.views();
        let entry = views.entry(device).or_default();
        entry.touched = now;
        Ok(entry.view.estimate(now))
    }

    /// Takes a measurement in that is in the store, or will be.
    pub(crate) async fn record(
        &self,
        store: &dyn Store,
        device: DeviceKey,
        (source, measurement): (Source, Measurement),
        now: Timestamp,
    ) -> Result<(), StoreError> {
        self.fill(store, device, now).await?;
        self.views().entry(device).or_default().view.record(source, measurement);
        Ok(())
    }

    /// Forgets what is held in memory of a user's devices, or of one: the store has changed.
    pub(crate) fn forget(&self, user: Uuid, device: Option<Uuid>) {
        let is_meant = |key: &DeviceKey| key.0 == user && device.is_none_or(|id| id == key.1);
        self.views().retain(|key, _| !is_meant(key));
    }

    /// Probes now, or joins the probe in flight.
    pub(crate) async fn run_probe(&self) -> Arc<ProbeReport> {
        self.probe.run().await
    }

    /// Starts a probe for a device of which nothing fresh is known, at most every five minutes for
    /// one device and every ten seconds for all. Never waits.
    pub(crate) fn refresh_in_background(
        self: &Arc<Self>,
        device: DeviceKey,
        now: Timestamp,
        clock: Arc<dyn Clock>,
    ) {
        if !self.probe.is_enabled() || !self.may_refresh(device, now) {
            return;
        }
        let sensing = Arc::clone(self);
        tokio::spawn(async move {
            let report = sensing.run_probe().await;
            if let Some(throughput) = report.throughput {
                let at = clock.now();
                let found = Measurement { throughput, at, explicit: false };
                if let Some(entry) = sensing.views().get_mut(&device) {
                    entry.view.record(Source::ServerProbe, found);
                }
            }
        });
    }

    fn may_refresh(&self, device: DeviceKey, now: Timestamp) -> bool {
        let within =
            |then: Option<Timestamp>, span| then.is_some_and(|t| now.micros_since(t) < span);
        let mut views = self.views();
        let entry = views.entry(device).or_default();
        if entry.view.is_fresh(now) || within(entry.probed, MAX_AGE_US) {
            return false;
        }
        let mut last = self.last_background.lock().unwrap_or_else(PoisonError::into_inner);
        if within(*last, BACKGROUND_GAP_US) && !self.probe.is_running() {
            return false;
        }
        *last = Some(now);
        entry.probed = Some(now);
        true
    }

    async fn fill(
        &self,
        store: &dyn Store,
        device: DeviceKey,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        if self.views().contains_key(&device) {
            return Ok(());
        }
        let since = now.as_micros().saturating_sub(HISTORY_US);
        let (user, id) = device;
        let rows = store.samples(user, Some(id), since, HISTORY_SAMPLES).await?;
        let mut views = self.views();
        make_room(&mut views);
        views.entry(device).or_insert_with(|| Entry {
            view: view_of(&rows),
            touched: now,
            probed: None,
        });
        Ok(())
    }

    fn views(&self) -> MutexGuard<'_, HashMap<DeviceKey, Entry>> {
        self.views.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Forgets the half of the devices that asked longest ago, once there are too many.
fn make_room(views: &mut HashMap<DeviceKey, Entry>) {
    if views.len() < MAX_VIEWS {
        return;
    }
    let mut touched: Vec<Timestamp> = views.values().map(|entry| entry.touched).collect();
    let (_, median, _) = touched.select_nth_unstable(MAX_VIEWS / 2);
    let median = *median;
    views.retain(|_, entry| entry.touched > median);
}

/// A view of stored samples, newest first: each with its own age, and together as history.
fn view_of(rows: &[ThroughputSampleRow]) -> NetworkView {
    let mut view = NetworkView::default();
    for row in rows {
        if let Some(source) = source_of(&row.sample) {
            view.record(source, measurement_of(&row.sample));
        }
    }
    if let Some(history) = history_of(rows) {
        view.record(Source::History, history);
    }
    view
}

/// The median of what the device itself measured; without that, of the server's probes.
fn history_of(rows: &[ThroughputSampleRow]) -> Option<Measurement> {
    let is_own = |row: &&ThroughputSampleRow| source_of(&row.sample) != Some(Source::ServerProbe);
    let mut chosen: Vec<&ThroughputSampleRow> = rows.iter().filter(is_own).collect();
    if chosen.is_empty() {
        chosen = rows.iter().collect();
    }
    let newest = chosen.iter().map(|row| row.sample.measured_us).max()?;
    chosen.sort_by(|a, b| a.sample.throughput_bps.total_cmp(&b.sample.throughput_bps));
    let median = chosen.get(chosen.len() / 2)?.sample.throughput_bps;
    Some(Measurement {
        throughput: Throughput::from_bps(median),
        at: Timestamp::from_micros(newest),
        explicit: false,
    })
}

fn source_of(sample: &NewThroughputSample) -> Option<Source> {
    [Source::Playback, Source::ListenerProbe, Source::ServerProbe]
        .into_iter()
        .find(|source| source.as_str() == sample.source)
}

fn measurement_of(sample: &NewThroughputSample) -> Measurement {
    Measurement {
        throughput: Throughput::from_bps(sample.throughput_bps),
        at: Timestamp::from_micros(sample.measured_us),
        // Probes of either kind are kept only where a person asked for them.
        explicit: sample.source != Source::Playback.as_str(),
    }
}
