//! What holds for one device now: its preferences over its user's, caps by network, the budget.
//!
//! Decides: which rule wins, and says which did. A device's rule replaces its user's for the same
//! thing; of several caps the lowest holds. Never: what is recommended under a cap.

use std::fmt;

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Span, Timestamp as Instant, Zoned};
use quicksync_model::{NetworkKind, Quality, Timestamp};
use quicksync_sense::Budget;
use quicksync_store::{BudgetCounts, BudgetRow, PreferenceRow, RuleRow, StoreError, UsageRow};

use super::load::Cause;
use super::surroundings::{DeviceKey, Surroundings};
use crate::ServerState;

/// The highest quality for whoever asks to be spared data and rules nothing else.
const SPARING: Quality = Quality::Medium;
/// Days of listening that a day to come is guessed from.
const KNOWN_DAYS: i64 = 28;
const DAY_US: i64 = 24 * 3600 * 1_000_000;

/// Why quality is capped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum CapReason {
    Network(NetworkKind),
    Metered,
    SavesData,
    Budget,
    Host(Cause),
}

impl CapReason {
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::Network(_) => "network",
            Self::Metered => "metered",
            Self::SavesData => "saves_data",
            Self::Budget => "budget",
            Self::Host(_) => "host_load",
        }
    }
}

impl fmt::Display for CapReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Network(NetworkKind::Unknown) => f.write_str("your limit for unknown networks"),
            Self::Network(kind) => write!(f, "your limit for {kind}"),
            Self::Metered => f.write_str("your limit where data costs money"),
            Self::SavesData => f.write_str("this device asks to save data"),
            Self::Budget => f.write_str("so that this month's data lasts"),
            Self::Host(cause) => write!(f, "the server is busy ({cause})"),
        }
    }
}

/// The highest quality allowed, and why.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Cap {
    pub(crate) quality: Quality,
    pub(crate) reason: CapReason,
}

/// A budget and where it stands.
#[derive(Clone, Debug)]
pub(crate) struct BudgetStanding {
    pub(crate) rule: BudgetRow,
    pub(crate) budget: Budget,
    /// Whether data over this network counts.
    pub(crate) counts_here: bool,
    /// When the month began and ends, Unix time.
    pub(crate) month: (Timestamp, Timestamp),
}

/// What holds for one device now.
#[derive(Clone, Debug)]
pub(crate) struct Standing {
    /// The user's preferences.
    pub(crate) own: PreferenceRow,
    /// The device's rules over them.
    pub(crate) preferences: PreferenceRow,
    /// Fields of them that the device's rules set.
    pub(crate) overridden: Vec<&'static str>,
    /// Every cap that holds here, the tightest first.
    pub(crate) caps: Vec<Cap>,
    pub(crate) budget: Option<BudgetStanding>,
    /// The quality of files to keep, if one is ruled.
    pub(crate) download_quality: Option<Quality>,
    /// The quality of copies for listening without a network, if one is ruled.
    pub(crate) offline_quality: Option<Quality>,
}

impl Standing {
    /// The tightest cap.
    pub(crate) fn cap(&self) -> Option<Cap> {
        self.caps.first().copied()
    }

    /// The budget, where data counts.
    pub(crate) fn counted_budget(&self) -> Option<&BudgetStanding> {
        self.budget.as_ref().filter(|standing| standing.counts_here)
    }
}

/// What holds for a device in these surroundings.
pub(crate) async fn standing(
    state: &ServerState,
    (user, device): DeviceKey,
    here: Surroundings,
) -> Result<Standing, StoreError> {
    let store = state.store();
    let own = store.preferences(user).await?;
    let all = store.all_rules(user).await?;
    let of = |wanted: Option<_>| {
        all.iter().find(|(id, _)| *id == wanted).map(|(_, row)| *row).unwrap_or_default()
    };
    let rules = (of(None), of(Some(device)));
    let budget = match rules.1.budget {
        Some(rule) => Some(budget(state, (user, device), rule, here).await?),
        None => None,
    };
    let spent = budget.as_ref().filter(|standing| standing.counts_here);
    let budget_cap = spent.and_then(|standing| standing.budget.cap());
    let budget_cap = budget_cap.map(|quality| Cap { quality, reason: CapReason::Budget });
    let mut caps: Vec<Cap> = ruled_caps(rules, here).chain(budget_cap).collect();
    // A stable order: of two alike the one named first stays first.
    caps.sort_by_key(|cap| cap.quality);
    Ok(Standing {
        own,
        preferences: over(own, rules.1),
        overridden: overridden(rules.1),
        caps,
        budget,
        download_quality: rules.1.download_quality.or(rules.0.download_quality),
        offline_quality: rules.1.offline_quality.or(rules.0.offline_quality),
    })
}

const fn counts_here(rule: BudgetRow, here: Surroundings) -> bool {
    matches!(rule.counts, BudgetCounts::All) || here.is_metered()
}

fn over(own: PreferenceRow, device: RuleRow) -> PreferenceRow {
    PreferenceRow {
        mode: device.mode.unwrap_or(own.mode),
        prefer_quality: device.prefer_quality.unwrap_or(own.prefer_quality),
        adapt_to_system: device.adapt_to_system.unwrap_or(own.adapt_to_system),
        auto_download_quality: device.auto_download_quality.unwrap_or(own.auto_download_quality),
    }
}

fn overridden(device: RuleRow) -> Vec<&'static str> {
    let fields = [
        ("mode", device.mode.is_some()),
        ("prefer_quality", device.prefer_quality.is_some()),
        ("adapt_to_system", device.adapt_to_system.is_some()),
        ("auto_download_quality", device.auto_download_quality.is_some()),
    ];
    fields.into_iter().filter_map(|(name, is_set)| is_set.then_some(name)).collect()
}

/// The caps that the rules set in these surroundings.
fn ruled_caps((user, device): (RuleRow, RuleRow), here: Surroundings) -> impl Iterator<Item = Cap> {
    let of_kind = device.cap(here.kind).or_else(|| user.cap(here.kind));
    let metered = device.cap_metered.or(user.cap_metered);
    let sparing = metered.unwrap_or(SPARING);
    let caps = [
        of_kind.map(|quality| Cap { quality, reason: CapReason::Network(here.kind) }),
        metered
            .filter(|_| here.is_metered())
            .map(|quality| Cap { quality, reason: CapReason::Metered }),
        here.saves_data.then_some(Cap { quality: sparing, reason: CapReason::SavesData }),
    ];
    caps.into_iter().flatten()
}

/// Where a device's budget stands.
async fn budget(
    state: &ServerState,
    device: DeviceKey,
    rule: BudgetRow,
    here: Surroundings,
) -> Result<BudgetStanding, StoreError> {
    let now = state.now();
    let month = month_around(now, rule.day);
    let today = now.as_micros().div_euclid(DAY_US);
    let first = month.0.as_micros().div_euclid(DAY_US);
    let since = first.min(today - KNOWN_DAYS);
    let mut rows = state.store().usage(device.0, Some(device.1), since).await?;
    rows.extend(state.sensing().pending.usage_of(device));
    let counts = |row: &&UsageRow| rule.counts == BudgetCounts::All || row.is_metered;
    let counted = || rows.iter().filter(counts);
    let known = counted().filter(|row| row.day >= today - KNOWN_DAYS);
    let oldest = known.clone().map(|row| row.day).min();
    let days = |us: i64| unix_days(us.max(0));
    let budget = Budget {
        bytes: rule.bytes,
        used_bytes: counted().filter(|row| row.day >= first).map(|row| row.bytes).sum(),
        days_left: days(month.1.as_micros() - now.as_micros()),
        heard_s: seconds(known.map(|row| row.audio_ms).sum()),
        days_known: oldest.map_or(0.0, |oldest| days(now.as_micros() - oldest * DAY_US)),
    };
    Ok(BudgetStanding { rule, budget, counts_here: counts_here(rule, here), month })
}

/// When the month that `now` is in began, and when it ends: on `day` of a calendar month, UTC.
fn month_around(now: Timestamp, day: u8) -> (Timestamp, Timestamp) {
    let today = Instant::from_microsecond(now.as_micros()).unwrap_or_default();
    let today = today.to_zoned(TimeZone::UTC).date();
    let day = i8::try_from(day).unwrap_or(1);
    let this = today.with().day(day).build().unwrap_or(today);
    let month = Span::new().months(1);
    let began = if this <= today { this } else { this.saturating_sub(month) };
    let instant = |date: Date| {
        let midnight = date.to_zoned(TimeZone::UTC);
        let us = midnight.map(|zoned: Zoned| zoned.timestamp().as_microsecond());
        Timestamp::from_micros(us.unwrap_or_default())
    };
    (instant(began), instant(began.saturating_add(month)))
}

#[expect(clippy::cast_precision_loss, reason = "days of a century in microseconds fit 53 bits")]
fn unix_days(us: i64) -> f64 {
    us as f64 / DAY_US as f64
}

#[expect(clippy::cast_precision_loss, reason = "nobody listens for 2^53 milliseconds")]
fn seconds(ms: u64) -> f64 {
    ms as f64 / 1e3
}

#[cfg(test)]
mod tests {
    use super::*;

    fn here(kind: NetworkKind, is_metered: bool, saves_data: bool) -> Surroundings {
        Surroundings { kind, is_metered, saves_data, key: [0; 8] }
    }

    #[test]
    fn the_lowest_cap_holds_and_the_devices_replaces_the_users() {
        use NetworkKind::{Cellular, Wifi};
        use Quality::{High, Low, Medium};
        let user = RuleRow {
            cap_cellular: Some(Medium),
            cap_metered: Some(High),
            cap_wifi: Some(High),
            ..RuleRow::default()
        };
        let device = RuleRow { cap_wifi: Some(Low), ..RuleRow::default() };
        let none = RuleRow::default();
        let network = CapReason::Network;
        for (rules, here, expected) in [
            ((none, none), here(Wifi, false, false), None),
            ((none, none), here(Cellular, true, false), None),
            ((none, none), here(Wifi, false, true), Some((SPARING, CapReason::SavesData))),
            ((user, none), here(Wifi, false, false), Some((High, network(Wifi)))),
            ((user, device), here(Wifi, false, false), Some((Low, network(Wifi)))),
            ((user, none), here(Cellular, false, false), Some((Medium, network(Cellular)))),
            (
                (user, none),
                here(NetworkKind::Ethernet, true, false),
                Some((High, CapReason::Metered)),
            ),
            ((user, none), here(NetworkKind::Ethernet, false, false), None),
        ] {
            let cap = ruled_caps(rules, here).min_by_key(|cap| cap.quality);
            let cap = cap.map(|cap| (cap.quality, cap.reason));
            assert_eq!(cap, expected, "{here:?}");
        }
    }

    #[test]
    fn a_month_begins_on_its_day() {
        let at = |text: &str| {
            let instant: Instant = text.parse().unwrap();
            Timestamp::from_micros(instant.as_microsecond())
        };
        for (now, day, began, ends) in [
            ("2026-11-22T18:00:00Z", 1, "2026-11-01T00:00:00Z", "2026-12-01T00:00:00Z"),
            ("2026-11-22T18:00:00Z", 22, "2026-11-22T00:00:00Z", "2026-12-22T00:00:00Z"),
            ("2026-11-22T18:00:00Z", 23, "2026-10-23T00:00:00Z", "2026-11-23T00:00:00Z"),
            ("2027-01-05T00:00:00Z", 28, "2026-12-28T00:00:00Z", "2027-01-28T00:00:00Z"),
        ] {
            assert_eq!(month_around(at(now), day), (at(began), at(ends)), "{now} {day}");
        }
    }
}
