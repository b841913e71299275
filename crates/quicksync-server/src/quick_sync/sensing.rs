//! The figures of every device that asked lately, and the probe and host sampler that feed them.
//!
//! Decides: when a probe may start without being asked for, and when a player's own estimate
//! counts. One user's figures never reach another: every figure is kept under its user and device.
//! A restart loses nothing that was posted: views are filled from the store. Figures of one kind of
//! network say nothing of another: each kind has a view of its own.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use axum::http::HeaderValue;
use foldhash::HashMap;
use quicksync_model::{NetworkKind, Throughput, Timestamp};
use quicksync_sense::{
    CdnProbe, Cmcd, Estimate, Forecast, HostReading, HourSummary, MAX_AGE_US, Measurement,
    NetworkView, ProbeReport, Source, forecast,
};
use quicksync_store::{
    Declaration, NetworkHourRow, NewThroughputSample, Store, StoreError, ThroughputSampleRow,
};
use tokio::sync::watch;
use uuid::Uuid;

use super::link::Links;
use super::load::{Held, Load};
use super::pending::Pending;
use super::player::Player;
use super::said::{Keys, Occasion, Ruled};
use super::surroundings::{DeviceKey, Surroundings};
use crate::Clock;
use crate::segment_source::Pressure;

/// Devices whose figures are held in memory; more are read again from the store.
const MAX_VIEWS: usize = 16_384;
/// Samples a view is filled from.
const HISTORY_SAMPLES: u32 = 64;
/// How far back history reaches.
const HISTORY_US: i64 = 30 * 24 * HOUR_US;
const HOUR_US: i64 = 3600 * 1_000_000;
/// How far back a forecast looks, hours: half a year.
const FORECAST_HOURS: i64 = 26 * 168;
/// Hours a forecast is made from at most.
const FORECAST_ROWS: u32 = 1_600;
/// What another address of the same kind of network says of this one: a mobile phone has a new one
/// each day.
const OTHER_ADDRESS: f64 = 0.6;
/// Least time between two probes that nobody asked for, over all users.
const BACKGROUND_GAP_US: u64 = 10 * 1_000_000;

/// What is believed of one device's network.
#[derive(Clone, Debug)]
pub(crate) struct Belief {
    pub(crate) estimate: Estimate,
    pub(crate) forecast: Option<Forecast>,
    /// The fresh figure of each source, the most trusted first.
    pub(crate) sources: Vec<Estimate>,
    pub(crate) surroundings: Surroundings,
    /// The last connection's round trip.
    pub(crate) rtt_us: Option<u32>,
    /// What its player said last.
    pub(crate) player: Player,
}

/// What is known of every listener's network, and of this host.
#[derive(Debug)]
pub struct Sensing {
    probe: CdnProbe,
    host: watch::Receiver<HostReading>,
    held_load: Mutex<Held>,
    devices: Mutex<HashMap<DeviceKey, Entry>>,
    changes: AtomicU64,
    last_background: Mutex<Option<Timestamp>>,
    pub(super) pending: Pending,
    pub(super) links: Links,
}

#[derive(Debug, Default)]
struct Entry {
    views: [NetworkView; NetworkKind::ALL.len()],
    surroundings: Surroundings,
    forecast: Option<Remembered>,
    player: Player,
    rtt_us: Option<u32>,
    ruled: Option<Ruled>,
    touched: Timestamp,
    probed: Option<Timestamp>,
}

/// A forecast and what it was made for.
#[derive(Clone, Copy, Debug)]
struct Remembered {
    hour: i64,
    surroundings: Surroundings,
    forecast: Option<Forecast>,
}

impl Entry {
    fn view(&mut self) -> &mut NetworkView {
        let kind = self.surroundings.kind;
        &mut self.views[slot(kind)]
    }

    fn fresh(&mut self, now: Timestamp) -> Option<Estimate> {
        self.view().fresh_estimate(now)
    }

    /// What to believe where nothing is fresh.
    fn remembered_estimate(&mut self, forecast: Option<Forecast>, now: Timestamp) -> Estimate {
        let remembered = self.view().estimate(now);
        forecast.map_or(remembered, |forecast| from_forecast(forecast, remembered))
    }

    /// The forecast for that hour, if it was made already and is worth keeping.
    fn remembered(&self, hour: i64) -> Option<Option<Forecast>> {
        let held = self.forecast.as_ref()?;
        (held.hour == hour && held.surroundings == self.surroundings).then_some(held.forecast)
    }
}

impl Sensing {
    /// Figures fed by `probe` and by whoever samples the host into `host`.
    #[must_use]
    pub fn new(probe: CdnProbe, host: watch::Receiver<HostReading>) -> Self {
        Self {
            probe,
            host,
            held_load: Mutex::default(),
            devices: Mutex::default(),
            changes: AtomicU64::default(),
            last_background: Mutex::default(),
            pending: Pending::default(),
            links: Links::default(),
        }
    }

    /// How busy the host was at the last sample.
    pub(crate) fn host(&self) -> HostReading {
        *self.host.borrow()
    }

    /// Samples of the host as they come.
    pub(crate) fn host_readings(&self) -> watch::Receiver<HostReading> {
        self.host.clone()
    }

    /// How busy the host counts as with this queue.
    pub(super) fn load(&self, queue: Pressure, now: Timestamp) -> Load {
        let mut held = self.held_load.lock().unwrap_or_else(PoisonError::into_inner);
        Load::now(self.host(), queue, &mut held, now)
    }

    /// What to believe of a device's network at `now`.
    ///
    /// # Errors
    /// See [`StoreError`].
    pub(crate) async fn belief(
        &self,
        store: &dyn Store,
        device: DeviceKey,
        now: Timestamp,
    ) -> Result<Belief, StoreError> {
        self.fill(store, device, now).await?;
        let forecast = self.forecast(store, device, now).await?;
        let mut devices = self.devices();
        let entry = devices.entry(device).or_default();
        entry.touched = now;
        let (surroundings, rtt_us) = (entry.surroundings, entry.rtt_us);
        let player = entry.player.clone();
        let estimate = entry.fresh(now).unwrap_or_else(|| entry.remembered_estimate(forecast, now));
        let sources = entry.view().sources(now);
        Ok(Belief { estimate, forecast, sources, surroundings, rtt_us, player })
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
        self.record_held(device, (source, measurement), now);
        Ok(())
    }

    /// The same for a device whose figures are held in memory.
    pub(super) fn record_held(
        &self,
        device: DeviceKey,
        (source, measurement): (Source, Measurement),
        now: Timestamp,
    ) {
        let mut devices = self.changing();
        let entry = devices.entry(device).or_default();
        if !entry.view().is_fresh(now) {
            // This hour has something new to say once nothing is fresh any more.
            entry.forecast = None;
        }
        entry.view().record(source, measurement);
    }

    /// Notes what a device says of its network, and where it is seen from.
    pub(crate) async fn declare(
        &self,
        store: &dyn Store,
        device: DeviceKey,
        (declared, key): (Declaration, Option<[u8; 8]>),
        now: Timestamp,
    ) -> Result<Surroundings, StoreError> {
        self.fill(store, device, now).await?;
        let (old, new) = {
            let mut devices = self.changing();
            let entry = devices.entry(device).or_default();
            let old = entry.surroundings;
            let new = Surroundings {
                kind: declared.network_kind.unwrap_or(old.kind),
                is_metered: declared.is_metered.unwrap_or(old.is_metered),
                saves_data: declared.saves_data.unwrap_or(old.saves_data),
                key: key.unwrap_or(old.key),
            };
            entry.surroundings = new;
            (old, new)
        };
        if (old.kind, old.is_metered, old.saves_data) != (new.kind, new.is_metered, new.saves_data)
        {
            let (user, id) = device;
            store.see_device(user, id, "unknown", declared, now.as_micros()).await?;
        }
        Ok(new)
    }

    /// Takes in what a player says of itself, and its throughput once it counts as measured.
    pub(crate) async fn hear(
        &self,
        store: &dyn Store,
        device: DeviceKey,
        record: &Cmcd,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        self.fill(store, device, now).await?;
        let mut devices = self.changing();
        let entry = devices.entry(device).or_default();
        let heard = entry.player.hear(record, now);
        if let Some(found) = heard {
            entry.view().record(Source::Playback, found);
        }
        Ok(())
    }

    /// Notes a connection's round trip.
    pub(crate) fn note_rtt(&self, device: DeviceKey, rtt_us: u32) {
        if let Some(entry) = self.changing().get_mut(&device) {
            entry.rtt_us = Some(rtt_us);
        }
    }

    /// What the device is to be told, if it is where the occasion says and that can be said without
    /// asking the store.
    pub(super) fn said(
        &self,
        device: DeviceKey,
        occasion: Occasion,
        load: &Load,
        now: Timestamp,
    ) -> Option<Option<HeaderValue>> {
        let mut devices = self.devices();
        let entry = devices.get_mut(&device).filter(|entry| entry.surroundings == occasion.1)?;
        let ruled = entry.ruled.filter(|ruled| ruled.holds(occasion, now))?;
        let estimate = match entry.fresh(now) {
            Some(fresh) => fresh,
            None => {
                let forecast = entry.remembered(now.as_micros().div_euclid(HOUR_US))?;
                entry.remembered_estimate(forecast, now)
            }
        };
        entry.touched = now;
        Some(Keys::new(&ruled, (&estimate, entry.rtt_us), load, now).header())
    }

    /// Notes the rules that hold for the device.
    pub(super) fn note_rules(&self, device: DeviceKey, ruled: Ruled) {
        if let Some(entry) = self.changing().get_mut(&device) {
            entry.ruled = Some(ruled);
        }
    }

    /// Forgets what is held in memory of a user's devices, or of one: the store has changed.
    pub(crate) fn forget(&self, user: Uuid, device: Option<Uuid>) {
        let is_meant = |key: &DeviceKey| key.0 == user && device.is_none_or(|id| id == key.1);
        self.changing().retain(|key, _| !is_meant(key));
        self.pending.forget(is_meant);
    }

    /// Writes to the store what was gathered for it.
    ///
    /// # Errors
    /// See [`StoreError`].
    pub async fn flush(&self, store: &dyn Store) -> Result<(), StoreError> {
        self.pending.flush(store).await
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
            let at = clock.now();
            sensing.pending.add_report(&report, at);
            if let Some(throughput) = report.throughput {
                let found = Measurement { throughput, at, explicit: false };
                if let Some(entry) = sensing.changing().get_mut(&device) {
                    entry.view().record(Source::ServerProbe, found);
                }
            }
        });
    }

    fn may_refresh(&self, device: DeviceKey, now: Timestamp) -> bool {
        let within =
            |then: Option<Timestamp>, span| then.is_some_and(|t| now.micros_since(t) < span);
        let mut devices = self.devices();
        let entry = devices.entry(device).or_default();
        if entry.view().is_fresh(now) || within(entry.probed, MAX_AGE_US) {
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

    /// Has a device's figures held in memory.
    pub(super) async fn fill(
        &self,
        store: &dyn Store,
        device: DeviceKey,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        if self.devices().contains_key(&device) {
            return Ok(());
        }
        let since = now.as_micros().saturating_sub(HISTORY_US);
        let (user, id) = device;
        let rows = store.samples(user, Some(id), since, HISTORY_SAMPLES).await?;
        let declared = store.device(user, id).await?;
        let surroundings = Surroundings {
            kind: declared.as_ref().map(|row| row.network_kind).unwrap_or_default(),
            is_metered: declared.as_ref().is_some_and(|row| row.is_metered),
            saves_data: declared.as_ref().is_some_and(|row| row.saves_data),
            key: rows.first().map(|row| row.sample.network_key).unwrap_or_default(),
        };
        let mut devices = self.devices();
        make_room(&mut devices);
        devices.entry(device).or_insert_with(|| Entry {
            views: views_of(&rows),
            surroundings,
            touched: now,
            ..Entry::default()
        });
        Ok(())
    }

    /// The forecast for this hour, made once an hour and network.
    async fn forecast(
        &self,
        store: &dyn Store,
        device: DeviceKey,
        now: Timestamp,
    ) -> Result<Option<Forecast>, StoreError> {
        let hour = now.as_micros().div_euclid(HOUR_US);
        let surroundings = {
            let mut devices = self.devices();
            let entry = devices.entry(device).or_default();
            if let Some(remembered) = entry.remembered(hour) {
                return Ok(remembered);
            }
            entry.surroundings
        };
        let past = remembered_hours(store, device, surroundings, hour).await?;
        let forecast = forecast(&past, hour);
        if let Some(entry) = self.changing().get_mut(&device) {
            entry.forecast = Some(Remembered { hour, surroundings, forecast });
        }
        Ok(forecast)
    }

    /// A number that is another one after each change of what is known of a device.
    pub(super) fn changes(&self) -> u64 {
        self.changes.load(Ordering::Acquire)
    }

    fn devices(&self) -> MutexGuard<'_, HashMap<DeviceKey, Entry>> {
        self.devices.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The same for who changes what is known.
    fn changing(&self) -> MutexGuard<'_, HashMap<DeviceKey, Entry>> {
        let devices = self.devices();
        // While nobody looks: who has the number of before looks again.
        self.changes.fetch_add(1, Ordering::Release);
        devices
    }
}

/// The hours that say something of the network a device is on.
pub(crate) async fn remembered_hours(
    store: &dyn Store,
    (user, device): DeviceKey,
    surroundings: Surroundings,
    hour: i64,
) -> Result<Vec<HourSummary>, StoreError> {
    let since = hour - FORECAST_HOURS;
    let rows = store.network_hours(user, Some(device), since, FORECAST_ROWS).await?;
    Ok(rows.iter().map(|row| summary(row, surroundings)).collect())
}

fn summary(row: &NetworkHourRow, here: Surroundings) -> HourSummary {
    let likeness = match (row.network_kind == here.kind, row.network_key == here.key) {
        (true, true) => 1.0,
        (true, false) => OTHER_ADDRESS,
        (false, _) => 0.0,
    };
    HourSummary {
        hour: row.hour,
        samples: row.samples,
        sum_log2: row.sum_log2,
        sum_squares: row.sum_squares,
        likeness,
    }
}

/// History as an estimate, as old as what it was last told.
fn from_forecast(forecast: Forecast, remembered: Estimate) -> Estimate {
    let began = Timestamp::from_micros(forecast.hour.saturating_mul(HOUR_US));
    Estimate {
        throughput: forecast.median,
        source: Source::History,
        at: Some(remembered.at.unwrap_or(began)),
        samples: forecast.hours,
        spread_octaves: forecast.spread_octaves,
    }
}

/// Forgets the half of the devices that asked longest ago, once there are too many.
fn make_room(devices: &mut HashMap<DeviceKey, Entry>) {
    if devices.len() < MAX_VIEWS {
        return;
    }
    let mut touched: Vec<Timestamp> = devices.values().map(|entry| entry.touched).collect();
    let (_, median, _) = touched.select_nth_unstable(MAX_VIEWS / 2);
    let median = *median;
    devices.retain(|_, entry| entry.touched > median);
}

fn slot(kind: NetworkKind) -> usize {
    NetworkKind::ALL.iter().position(|known| *known == kind).unwrap_or_default()
}

/// Views of stored samples, each with its own age.
fn views_of(rows: &[ThroughputSampleRow]) -> [NetworkView; NetworkKind::ALL.len()] {
    let mut views = <[NetworkView; NetworkKind::ALL.len()]>::default();
    for row in rows {
        if let Some(source) = source_of(&row.sample) {
            views[slot(row.sample.network_kind)].record(source, measurement_of(&row.sample));
        }
    }
    views
}

fn source_of(sample: &NewThroughputSample) -> Option<Source> {
    Source::ALL.into_iter().find(|source| source.as_str() == sample.source)
}

fn measurement_of(sample: &NewThroughputSample) -> Measurement {
    let is_test = [Source::ListenerProbe, Source::ServerProbe].map(Source::as_str);
    Measurement {
        throughput: Throughput::from_bps(sample.throughput_bps),
        at: Timestamp::from_micros(sample.measured_us),
        // Probes of either kind are kept only where a person asked for them.
        explicit: is_test.contains(&sample.source.as_str()),
    }
}
