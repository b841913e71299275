//! What is known of a listener's network, and how busy this host is.
//!
//! Knows: measurements, their trust and their age. Never: who the listener is, HTTP routes, rows.
//!
//! # Reading order
//! [`NetworkView`] (pure) answers for one device of one user, [`forecast`] (pure) for hours to come.
//! [`CdnProbe`], [`LinkMeter`], [`Cmcd`] and [`HostSampler`] are what feeds them.

mod budget;
mod cmcd;
mod forecast;
mod host;
mod probe;
mod tcp;
mod view;

pub use budget::Budget;
pub use cmcd::{Cmcd, CmcdError, Event as CmcdEvent, ObjectType, PlayerState};
pub use forecast::{Forecast, HourSummary, forecast, prior};
pub use host::{HostReading, HostSampler, Stalls};
pub use probe::{
    CdnProbe, DEFAULT_TARGET, ProbeConfig, ProbeError, ProbeReport, TargetFailure, TargetReport,
    Transfer,
};
pub use tcp::{GLANCE_EVERY_US, LinkMeter, LinkReading, TcpReading, TcpSample};
pub use view::{Estimate, FALLBACK, MAX_AGE_US, Measurement, NetworkView, Source};
