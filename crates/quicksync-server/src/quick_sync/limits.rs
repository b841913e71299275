//! How often one user may cause traffic.

use uuid::Uuid;

use crate::rate_limit::RateLimit;

/// Speed tests of one user a minute; ten at least are promised.
const SPEED_TESTS_PER_MINUTE: u32 = 12;
/// Listener probes of one user a minute.
const LISTENER_PROBES_PER_MINUTE: u32 = 30;

/// The limits of this resource, by user.
#[derive(Debug)]
pub(crate) struct Limits {
    pub(super) speed_tests: RateLimit<Uuid>,
    pub(super) listener_probes: RateLimit<Uuid>,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            speed_tests: RateLimit::per_minute(SPEED_TESTS_PER_MINUTE),
            listener_probes: RateLimit::per_minute(LISTENER_PROBES_PER_MINUTE),
        }
    }
}
