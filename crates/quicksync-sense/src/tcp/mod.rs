//! What the kernel knows of a connection that carried segments: throughput without test traffic.
//!
//! Decides: which of the kernel's figures are a throughput sample. Never: whose connection it is.
//! Linux only; elsewhere there is no reading.
//!
//! # Model
//! Two figures per sample. The delivery rate (draft-cheng-iccrg-delivery-rate-estimation) is exact
//! on a saturated path, but single ones lie: token buckets let bursts through, and a congestion
//! control that probes slows down by itself. Bytes acknowledged over the time the sender was busy
//! are what the client sees, never off by much, but too low as long as the congestion window
//! still grows. So the first is kept within bounds that the second sets.
//!
//! What is lost at the end of a burst shows only after a silence of half a second and more, in which
//! the sender is busy and nothing moves. Such waits are seen by glances while bytes are under way, and
//! taken from the busy time; longer ones are outages and stay.

mod info;
mod meter;

pub use info::TcpReading;
pub use meter::{GLANCE_EVERY_US, TcpMeter, TcpSample};
