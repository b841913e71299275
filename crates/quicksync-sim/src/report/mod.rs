//! What experiments say: figures per family and overall, intervals, plans, pictures.
//!
//! Knows: playbacks and their values. Never: files, the terminal.

mod beside;
mod bootstrap;
mod figures;
pub mod json;
pub mod picture;
pub mod plans;
pub mod table;

pub use beside::{Beside, Closeness};
pub use bootstrap::{Comparison, Lead, compare, leads};
pub use figures::{Ceilings, Figures, Row, Summary, summarize};
