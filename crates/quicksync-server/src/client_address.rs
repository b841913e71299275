//! Who is at the other end: the peer of the connection, or whom a trusted proxy names.
//!
//! Decides: which address rate limits and network history are keyed by. Never believes a header
//! that an untrusted peer sent.

use std::net::{IpAddr, Ipv6Addr, SocketAddr};

use axum::extract::Request;
use axum::http::HeaderMap;
use ipnet::IpNet;

use crate::ServerState;
use crate::serve::ConnectionInfo;

/// The address of the client, as far as it can be known. An extension of every request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ClientAddress(pub IpAddr);

impl ClientAddress {
    /// What one client can hardly change about its address: an IPv4 address, or the first 64 bits
    /// of an IPv6 one.
    #[must_use]
    pub fn prefix(self) -> IpAddr {
        match self.0 {
            IpAddr::V4(_) => self.0,
            IpAddr::V6(address) => {
                let network = u128::from(address) & !u128::from(u64::MAX);
                IpAddr::V6(Ipv6Addr::from(network))
            }
        }
    }
}

/// Notes the client's address on the request.
pub(crate) fn note(state: &ServerState, request: &mut Request) {
    let peer = request.extensions().get::<ConnectionInfo>().map(ConnectionInfo::peer);
    let peer = peer.map_or(IpAddr::V6(Ipv6Addr::UNSPECIFIED), |peer: SocketAddr| peer.ip());
    let address = resolve(peer, request.headers(), &state.config().trusted_proxies);
    request.extensions_mut().insert(ClientAddress(address));
}

/// The nearest address that is not a trusted proxy's, reading `X-Forwarded-For` from its end.
fn resolve(peer: IpAddr, headers: &HeaderMap, trusted: &[IpNet]) -> IpAddr {
    let mut nearest = peer.to_canonical();
    if trusted.is_empty() {
        return nearest;
    }
    let is_trusted = |address: IpAddr| trusted.iter().any(|network| network.contains(&address));
    let hops: Vec<&str> = headers
        .get_all("x-forwarded-for")
        .iter()
        .flat_map(|value| value.to_str().unwrap_or("?").split(','))
        .collect();
    for hop in hops.into_iter().rev() {
        if !is_trusted(nearest) {
            break;
        }
        let Some(address) = parse_hop(hop.trim()) else { break };
        nearest = address;
    }
    nearest
}

fn parse_hop(text: &str) -> Option<IpAddr> {
    let bare = text.strip_prefix('[').and_then(|rest| rest.split(']').next()).unwrap_or(text);
    let address = bare.parse().ok().or_else(|| text.parse().ok().map(|at: SocketAddr| at.ip()));
    address.map(|address: IpAddr| address.to_canonical())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_trusted_proxies_are_believed() {
        let trusted = ["127.0.0.0/8", "10.0.0.0/8", "fd00::/8"].map(|net| net.parse().unwrap());
        for (peer, forwarded, client) in [
            ("192.0.2.1", "203.0.113.9", "192.0.2.1"),
            ("127.0.0.1", "", "127.0.0.1"),
            ("127.0.0.1", "203.0.113.9", "203.0.113.9"),
            ("127.0.0.1", "1.1.1.1, 203.0.113.9", "203.0.113.9"),
            ("127.0.0.1", "1.1.1.1, 203.0.113.9, 10.1.1.1", "203.0.113.9"),
            ("127.0.0.1", "203.0.113.9:4711", "203.0.113.9"),
            ("fd00::1", "[2001:db8::5]:99", "2001:db8::5"),
            ("::ffff:127.0.0.1", "2001:db8::5", "2001:db8::5"),
            ("127.0.0.1", "203.0.113.9, nonsense", "127.0.0.1"),
        ] {
            let mut headers = HeaderMap::new();
            if !forwarded.is_empty() {
                headers.insert("x-forwarded-for", forwarded.parse().unwrap());
            }
            let address = resolve(peer.parse().unwrap(), &headers, &trusted);
            assert_eq!(address.to_string(), client, "{peer} forwarding {forwarded:?}");
        }
    }

    #[test]
    fn one_home_is_one_prefix() {
        for (address, prefix) in
            [("192.0.2.1", "192.0.2.1"), ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::")]
        {
            assert_eq!(ClientAddress(address.parse().unwrap()).prefix().to_string(), prefix);
        }
    }
}
