//! The whole interface, in process: the real router, store and library; a segment source, a clock
//! and randomness of the tests' own.

mod accounts;
mod quick_sync;
mod support;
