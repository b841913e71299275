//! What experiments say: figures per family and overall, intervals, plans, pictures.
//!
//! Knows: playbacks and their values. Never: files, the terminal.

mod bootstrap;
mod figures;
pub mod json;
pub mod picture;
pub mod plans;
pub mod table;

pub use bootstrap::{Comparison, Lead, compare, leads};
pub use figures::{Figures, Row, Summary, summarize};
