//! What the server is given instead of taking it: the time and randomness.
//!
//! Knows: two traits. Never: a clock or a random number generator of its own.

use std::fmt::Debug;

use quicksync_model::Timestamp;
use uuid::Uuid;

/// Tells the time, in Unix time.
pub trait Clock: Debug + Send + Sync {
    /// The present instant.
    fn now(&self) -> Timestamp;
}

/// Yields random bytes fit for secrets.
pub trait Entropy: Debug + Send + Sync {
    /// Overwrites `bytes` with random ones.
    fn fill(&self, bytes: &mut [u8]);
}

/// A random (version 4) UUID.
#[must_use]
pub fn random_uuid(entropy: &dyn Entropy) -> Uuid {
    let mut bytes = [0; 16];
    entropy.fill(&mut bytes);
    uuid::Builder::from_random_bytes(bytes).into_uuid()
}

/// 256 random bits.
#[must_use]
pub fn random_key(entropy: &dyn Entropy) -> [u8; 32] {
    let mut bytes = [0; 32];
    entropy.fill(&mut bytes);
    bytes
}
