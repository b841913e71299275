//! The kernel's `struct tcp_info`, read by position.
//!
//! Knows: where Linux keeps which figure (include/uapi/linux/tcp.h), all of it since 4.20. Never:
//! what a figure is worth. The one system call of this crate that no safe wrapper has is here.

use std::os::fd::{AsFd, AsRawFd};

/// Up to `tcpi_snd_wnd`.
const BYTES: usize = 232;
/// Up to `tcpi_delivered`: what must be there.
const LEAST_BYTES: usize = 196;

/// One look at a connection. Times in microseconds, counts since its start.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct TcpReading {
    /// The last delivery rate that the kernel found, bytes per second.
    pub delivery_rate: u64,
    /// That rate was bounded by us, who had nothing to send.
    pub is_app_limited: bool,
    /// Smoothed round trip.
    pub rtt_us: u32,
    /// The shortest round trip lately; zero if unknown.
    pub min_rtt_us: u32,
    /// Bytes that the client has acknowledged.
    pub bytes_acked: u64,
    /// Time with bytes under way.
    pub busy_us: u64,
    /// Of it, time held up by the client's receive window.
    pub window_limited_us: u64,
    /// Packets under way now.
    pub in_flight: u32,
    /// Packets that arrived, those after a gap included.
    pub delivered: u32,
    /// Packets that were sent again.
    pub sent_again: u32,
}

impl TcpReading {
    /// Asks the kernel; `None` where it does not tell.
    #[must_use]
    pub fn of(socket: &impl AsFd) -> Option<Self> {
        let (bytes, length) = ask(socket)?;
        Self::parse(bytes.get(..length)?)
    }

    fn parse(info: &[u8]) -> Option<Self> {
        if info.len() < LEAST_BYTES {
            return None;
        }
        let word = |at: usize| Some(u32::from_ne_bytes(*info.get(at..)?.first_chunk()?));
        let long = |at: usize| Some(u64::from_ne_bytes(*info.get(at..)?.first_chunk()?));
        Some(Self {
            is_app_limited: info.get(7)? & 1 == 1,
            rtt_us: word(68)?,
            // `!0` until there was a round trip.
            min_rtt_us: word(148).filter(|rtt| *rtt != u32::MAX)?,
            bytes_acked: long(120)?,
            delivery_rate: long(160)?,
            busy_us: long(168)?,
            window_limited_us: long(176)?,
            in_flight: word(24)?,
            delivered: word(192)?,
            sent_again: word(100)?,
        })
    }
}

#[cfg(target_os = "linux")]
#[expect(unsafe_code, reason = "getsockopt(TCP_INFO) has no safe wrapper in our dependencies")]
fn ask(socket: &impl AsFd) -> Option<([u8; BYTES], usize)> {
    let mut bytes = [0_u8; BYTES];
    let mut length = libc::socklen_t::try_from(BYTES).ok()?;
    // SAFETY: the descriptor is open for as long as it is borrowed; the kernel writes at most
    // `length` bytes into `bytes`, which is that long, and the new length into `length`.
    let answer = unsafe {
        libc::getsockopt(
            socket.as_fd().as_raw_fd(),
            libc::IPPROTO_TCP,
            libc::TCP_INFO,
            bytes.as_mut_ptr().cast(),
            &raw mut length,
        )
    };
    (answer == 0).then_some((bytes, usize::try_from(length).ok()?))
}

#[cfg(not(target_os = "linux"))]
fn ask(_: &impl AsFd) -> Option<([u8; BYTES], usize)> {
    None
}

#[cfg(test)]
mod tests {
    use std::io::{Read as _, Write as _};
    use std::net::{TcpListener, TcpStream};

    use super::*;

    #[test]
    #[cfg(target_os = "linux")]
    fn a_real_connection_is_read_where_the_kernel_keeps_it() {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let mut client = TcpStream::connect(listener.local_addr().unwrap()).unwrap();
        let (mut server, _) = listener.accept().unwrap();
        server.write_all(&[7; 50_000]).unwrap();
        client.read_exact(&mut [0; 50_000]).unwrap();
        // Its answer carries the acknowledgement of all it has read.
        client.write_all(b"!").unwrap();
        server.read_exact(&mut [0; 1]).unwrap();
        let reading = TcpReading::of(&server).unwrap();
        // The handshake counts as one.
        assert!((50_000..=50_001).contains(&reading.bytes_acked), "{reading:?}");
        assert!(reading.rtt_us > 0 && reading.min_rtt_us > 0, "{reading:?}");
        assert!(reading.delivery_rate > 0 && reading.busy_us < 1_000_000, "{reading:?}");
        // Loopback carries up to 64 kB in a packet.
        assert!(reading.delivered > 0 && reading.in_flight == 0, "{reading:?}");
        assert_eq!(reading.sent_again, 0, "{reading:?}");
    }

    #[test]
    fn an_older_kernels_shorter_answer_is_no_reading() {
        let mut info = [0; BYTES];
        info[7] = 1;
        info[120..128].copy_from_slice(&5_u64.to_ne_bytes());
        info[192..196].copy_from_slice(&9_u32.to_ne_bytes());
        let reading = TcpReading::parse(&info).unwrap();
        assert!(reading.is_app_limited && reading.bytes_acked == 5 && reading.delivered == 9);
        assert_eq!(TcpReading::parse(&info[..LEAST_BYTES - 1]), None);
        assert!(TcpReading::parse(&info[..LEAST_BYTES]).is_some());
    }
}
