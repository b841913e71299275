//! What experiments say: figures per family and overall, intervals, plans, pictures.
//!
//! Knows: playbacks and their values. Never: files, the terminal.

mod figures;
pub mod json;
pub mod plans;
pub mod table;

pub use figures::{Figures, Row, Summary, summarize};
