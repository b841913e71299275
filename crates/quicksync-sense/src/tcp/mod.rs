//! What the kernel knows of the connections that carried segments: throughput without test traffic.
//!
//! Decides: which of the kernel's figures are a throughput sample. Never: whose connections they are.
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
//!
//! A player may fetch over several connections at once, and each of them gets a share of the link
//! only. So all connections of a device are looked at together: the bytes of all, over the time in
//! which any was busy.

mod info;
mod link;

pub use info::TcpReading;
pub use link::{GLANCE_EVERY_US, LinkMeter, LinkReading, TcpSample};
