//! Passwords: their rules, their hashes, and how many are hashed at once.
//!
//! Decides: what is a password or a name, and whether there is room to hash now. An unknown name
//! costs the same work as a wrong password. Never: whose password it is.

use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use argon2::{Algorithm, Argon2, Params, PasswordHash, Version};
use tokio::sync::Semaphore;

use crate::{ApiError, Entropy};

/// Memory of one hash (OWASP's second choice for argon2id: 19 MiB, 2 passes, 1 lane).
const MEMORY_KIB: u32 = 19 * 1024;
const PASSES: u32 = 2;
const LANES: u32 = 1;
/// Hashes at once: each takes a core and 19 MiB.
const CONCURRENT_HASHES: usize = 2;
/// Hashes that run or wait; more are refused.
const PENDING_HASHES: usize = 16;
/// Fewest characters of a password.
const MIN_PASSWORD_CHARS: usize = 8;
/// Most bytes of a password.
const MAX_PASSWORD_BYTES: usize = 256;
/// Most characters of a name.
const MAX_NAME_CHARS: usize = 64;

/// The password could not be hashed or its hash not be read.
#[derive(Debug, thiserror::Error)]
#[error("password hash: {0}")]
pub struct HashError(String);

/// Checks the rules of a user's name.
///
/// # Errors
/// A sentence that says what is wrong.
pub fn check_name(name: &str) -> Result<(), &'static str> {
    if name.is_empty() || name.chars().count() > MAX_NAME_CHARS {
        return Err("A name has 1 to 64 characters.");
    }
    if name.trim() != name || name.chars().any(char::is_control) {
        return Err("A name has no control characters and no blanks at its ends.");
    }
    Ok(())
}

/// Checks the rules of a password.
///
/// # Errors
/// A sentence that says what is wrong.
pub fn check_password(password: &str) -> Result<(), &'static str> {
    if password.chars().count() < MIN_PASSWORD_CHARS || password.len() > MAX_PASSWORD_BYTES {
        return Err("A password has at least 8 characters and at most 256 bytes.");
    }
    Ok(())
}

/// Hashes a password: argon2id as a PHC string. Takes tens of milliseconds.
///
/// # Errors
/// [`HashError`], which no password that passes [`check_password`] causes.
pub fn hash_password(password: &str, entropy: &dyn Entropy) -> Result<String, HashError> {
    let mut salt = [0; 16];
    entropy.fill(&mut salt);
    hash_with(password, &salt)
}

fn hash_with(password: &str, salt: &[u8]) -> Result<String, HashError> {
    let hash = argon2()?.hash_password_with_salt(password.as_bytes(), salt).map_err(failed)?;
    Ok(hash.to_string())
}

fn verify(password: &str, hash: &str) -> Result<bool, HashError> {
    let hash = PasswordHash::new(hash).map_err(failed)?;
    Ok(argon2()?.verify_password(password.as_bytes(), &hash).is_ok())
}

fn argon2() -> Result<Argon2<'static>, HashError> {
    let params = Params::new(MEMORY_KIB, PASSES, LANES, None).map_err(failed)?;
    Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
}

fn failed(error: impl std::fmt::Display) -> HashError {
    HashError(error.to_string())
}

/// Hashes and checks passwords, a bounded number at a time.
#[derive(Debug)]
pub(crate) struct Passwords {
    running: Semaphore,
    pending: Semaphore,
    /// A hash nobody knows the password of: what an unknown name is checked against.
    decoy: String,
}

impl Passwords {
    pub(crate) fn new(entropy: &dyn Entropy) -> Self {
        let decoy = super::random_secret("", entropy).0;
        Self {
            running: Semaphore::new(CONCURRENT_HASHES),
            pending: Semaphore::new(PENDING_HASHES),
            decoy: hash_password(&decoy, entropy).unwrap_or_default(),
        }
    }

    /// The hash to keep of a new password.
    pub(crate) async fn hash(
        &self,
        password: String,
        entropy: &dyn Entropy,
    ) -> Result<String, ApiError> {
        let mut salt = [0; 16];
        entropy.fill(&mut salt);
        self.run(move || hash_with(&password, &salt)).await
    }

    /// Whether the password fits the hash; without a hash the same work, and false.
    pub(crate) async fn fits(
        &self,
        password: String,
        hash: Option<&str>,
    ) -> Result<bool, ApiError> {
        let is_known = hash.is_some();
        let hash = hash.unwrap_or(&self.decoy).to_owned();
        let fits = self.run(move || verify(&password, &hash)).await?;
        Ok(fits && is_known)
    }

    async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> Result<T, HashError> + Send + 'static,
    ) -> Result<T, ApiError> {
        let _pending = self.pending.try_acquire().map_err(|_| ApiError::overloaded())?;
        let _running = self.running.acquire().await.map_err(ApiError::internal)?;
        let done = tokio::task::spawn_blocking(work).await.map_err(ApiError::internal)?;
        done.map_err(ApiError::internal)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rules() {
        for (name, good) in
            [("anna", true), ("Ärmel ß", true), ("", false), (" a", false), ("a\nb", false)]
        {
            assert_eq!(check_name(name).is_ok(), good, "{name:?}");
        }
        assert!(check_name(&"x".repeat(65)).is_err());
        for (password, good) in [("12345678", true), ("1234567", false), ("ßßßßßßßß", true)]
        {
            assert_eq!(check_password(password).is_ok(), good, "{password:?}");
        }
        assert!(check_password(&"x".repeat(257)).is_err());
    }

    #[derive(Debug)]
    struct Zeros;

    impl Entropy for Zeros {
        fn fill(&self, bytes: &mut [u8]) {
            bytes.fill(0);
        }
    }

    #[tokio::test]
    async fn more_hashes_than_can_wait_are_refused() {
        let passwords = Passwords::new(&Zeros);
        // Every one asks before the first is done: none is polled twice before all are once.
        let guesses = (0..PENDING_HASHES + 5).map(|_| passwords.fits("guess".to_owned(), None));
        let answers = futures_util::future::join_all(guesses).await;
        assert_eq!(answers.iter().filter(|answer| answer.is_err()).count(), 5);
        assert!(answers.iter().flatten().all(|fits| !fits));
        assert!(passwords.fits("guess".to_owned(), None).await.is_ok(), "there is room again");
    }

    #[test]
    fn a_hash_is_argon2id_with_the_stated_cost() {
        let hash = hash_with("correct horse", &[7; 16]).unwrap();
        assert!(hash.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{hash}");
        assert!(verify("correct horse", &hash).unwrap());
        assert!(!verify("correct house", &hash).unwrap());
        assert!(verify("x", "not a hash").is_err());
    }
}
