//! Where a device is: the kind of network that it declares, what it costs there, and from where it is
//! seen.
//!
//! Decides: what of an address is kept, and that data costs money on cellular. Never: what a network
//! carries.

use std::net::IpAddr;

use axum::http::HeaderMap;
use quicksync_model::NetworkKind;
use uuid::Uuid;

use crate::ServerState;
use crate::client_address::ClientAddress;

/// A user and a device of theirs.
pub(crate) type DeviceKey = (Uuid, Uuid);

/// What a device says of its network, and where it was last seen.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Surroundings {
    pub(crate) kind: NetworkKind,
    pub(crate) is_metered: bool,
    pub(crate) saves_data: bool,
    /// Salted hash of the address prefix.
    pub(crate) key: [u8; 8],
}

impl Surroundings {
    /// Whether data costs money here: on cellular it is taken for granted.
    pub(crate) const fn is_metered(self) -> bool {
        self.is_metered || matches!(self.kind, NetworkKind::Cellular)
    }
}

/// Whether the client asks to be spared data (Save-Data, Client Hints).
pub(super) fn saves_data(headers: &HeaderMap) -> bool {
    headers.get("save-data").is_some_and(|value| value.as_bytes().eq_ignore_ascii_case(b"on"))
}

/// What keys the history of a network: a salted hash of the address' /24 or /48.
pub(super) fn network_key(state: &ServerState, address: ClientAddress) -> [u8; 8] {
    let mut hasher = blake3::Hasher::new_keyed(state.network_salt());
    match address.0.to_canonical() {
        IpAddr::V4(v4) => hasher.update(&v4.octets()[..3]),
        IpAddr::V6(v6) => hasher.update(&v6.octets()[..6]),
    };
    let mut key = [0; 8];
    hasher.finalize_xof().fill(&mut key);
    key
}
