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

mod info;
mod meter;

pub use info::TcpReading;
pub use meter::{TcpMeter, TcpSample};
