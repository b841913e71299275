//! Who is asking, and how they prove it.
//!
//! Knows: passwords, login sessions, API tokens, the first-start set-up. Never: what a caller may
//! hear; roles end at "is an administrator".
//!
//! # Reading order
//! [`Caller`] is what a handler gets; `gate` decides who becomes one.

mod caller;
mod cookie;
mod credential;
mod device_name;
pub(crate) mod gate;
mod login;
mod logins;
mod origin;
mod password;
mod revocation;
mod setup;
mod tokens;

pub use caller::{Caller, DEVICE_HEADER};
pub use credential::{Proof, random_secret, secret_hash};
pub use password::{HashError, check_name, check_password, hash_password};

pub use tokens::TOKEN_PREFIX;

pub(crate) use caller::DeviceNotes;
pub(crate) use logins::LoginSession;
pub(crate) use origin::is_foreign;
pub(crate) use password::Passwords;
pub(crate) use revocation::Revocations;
pub(crate) use setup::Setup;
pub(crate) use tokens::Token;

use std::net::IpAddr;

use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::rate_limit::RateLimit;
use crate::{Entropy, ServerState};

/// Failed logins a minute of one account from one address.
const LOGIN_FAILURES_PER_MINUTE: u32 = 5;
/// Failed logins a minute from one address, whatever the account.
const ADDRESS_FAILURES_PER_MINUTE: u32 = 30;

/// What authentication remembers in memory. A restart forgets it and harms nobody.
#[derive(Debug)]
pub(crate) struct Auth {
    pub(crate) passwords: Passwords,
    pub(crate) setup: Setup,
    pub(crate) account_failures: RateLimit<(String, IpAddr)>,
    pub(crate) address_failures: RateLimit<IpAddr>,
    pub(crate) revocations: Revocations,
    pub(crate) devices: DeviceNotes,
}

impl Auth {
    pub(crate) fn new(setup_secret: Option<String>, entropy: &dyn Entropy) -> Self {
        Self {
            passwords: Passwords::new(entropy),
            setup: Setup::new(setup_secret),
            account_failures: RateLimit::per_minute(LOGIN_FAILURES_PER_MINUTE),
            address_failures: RateLimit::per_minute(ADDRESS_FAILURES_PER_MINUTE),
            revocations: Revocations::default(),
            devices: DeviceNotes::default(),
        }
    }
}

pub(crate) fn public_routes() -> OpenApiRouter<ServerState> {
    OpenApiRouter::new().routes(routes!(login::log_in)).routes(routes!(setup::set_up))
}

pub(crate) fn user_routes() -> OpenApiRouter<ServerState> {
    OpenApiRouter::new()
        .routes(routes!(login::me))
        .routes(routes!(login::log_out))
        .routes(routes!(login::change_password))
        .routes(routes!(tokens::list, tokens::create))
        .routes(routes!(tokens::revoke))
        .routes(routes!(logins::list))
        .routes(routes!(logins::revoke))
}
