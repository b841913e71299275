//! Pages of memory that nothing changes any more, found again by the address they begin at, and the
//! pipes they go to a socket through.
#![expect(unsafe_code, reason = "pages are mapped, lent and unmapped here, and argued for")]

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::ffi::c_void;
use std::io;
use std::io::IoSlice;
use std::os::fd::{AsFd, OwnedFd};
use std::ptr;
use std::sync::{PoisonError, RwLock};

use bytes::Bytes;
use rustix::io::Errno;
use rustix::mm::{MapFlags, MprotectFlags, ProtFlags, mmap_anonymous, mprotect, munmap};
use rustix::net::{SendFlags, send};
use rustix::pipe::{
    IoSliceRaw, PipeFlags, SpliceFlags, fcntl_setpipe_size, pipe_with, splice, vmsplice,
};

use crate::LEAST_BYTES;

/// Most that there may be: a quarter of the mappings that Linux gives a process (`vm.max_map_count`,
/// where nobody changed it), which memory of any other kind needs too.
const MOST: usize = 65_530 / 4;
/// What a pipe is to hold: a segment at the best rung, to the page.
const PIPE_BYTES: usize = 256 * 1024;

/// How long all of them are, by the address of the first byte.
static ALL: RwLock<BTreeMap<usize, usize>> = RwLock::new(BTreeMap::new());

thread_local! {
    /// Empty between any two sends.
    static PIPE: RefCell<Option<Pipe>> = const { RefCell::new(None) };
}

/// Pages that can only be read.
#[derive(Debug)]
struct Pages {
    address: usize,
    length: usize,
}

impl Pages {
    fn new(bytes: &[u8]) -> io::Result<Self> {
        let (access, flags) =
            (ProtFlags::READ | ProtFlags::WRITE, MapFlags::PRIVATE | MapFlags::POPULATE);
        // SAFETY: the kernel picks an address that nothing else is at.
        let start = unsafe { mmap_anonymous(ptr::null_mut(), bytes.len(), access, flags)? };
        let pages = Self { address: start.expose_provenance(), length: bytes.len() };
        // SAFETY: it was mapped as long as that, for writing, and nobody else knows of it.
        unsafe { ptr::copy_nonoverlapping(bytes.as_ptr(), start.cast(), bytes.len()) };
        // SAFETY: as above.
        unsafe { mprotect(start, bytes.len(), MprotectFlags::READ)? };
        Ok(pages)
    }

    fn start(&self) -> *mut c_void {
        ptr::with_exposed_provenance_mut(self.address)
    }
}

impl AsRef<[u8]> for Pages {
    fn as_ref(&self) -> &[u8] {
        // SAFETY: mapped by `new` for as long as `self` is there, as long as it says, and for reading
        // only.
        unsafe { std::slice::from_raw_parts(self.start().cast_const().cast(), self.length) }
    }
}

impl Drop for Pages {
    fn drop(&mut self) {
        // First, as others may be mapped at the same address from then on.
        ALL.write().unwrap_or_else(PoisonError::into_inner).remove(&self.address);
        // SAFETY: mapped by `new`, as long as it says, and nobody reads it any more: slices of it borrow
        // `self`. The kernel keeps a page that is still on its way until it has arrived.
        let unmapped = unsafe { munmap(self.start(), self.length) };
        debug_assert!(unmapped.is_ok(), "{unmapped:?}");
    }
}

/// Whether the bytes lie in such pages.
pub(crate) fn hold(bytes: &[u8]) -> bool {
    let (start, all) = (bytes.as_ptr().addr(), ALL.read().unwrap_or_else(PoisonError::into_inner));
    let before = all.range(..=start).next_back();
    before.is_some_and(|(address, length)| start - address + bytes.len() <= *length)
}

/// The bytes in pages of their own; `None` where there can be none.
pub(crate) fn copy_of(bytes: &[u8]) -> Option<Bytes> {
    if ALL.read().unwrap_or_else(PoisonError::into_inner).len() >= MOST {
        return None;
    }
    let pages = Pages::new(bytes).ok()?;
    let mut all = ALL.write().unwrap_or_else(PoisonError::into_inner);
    all.insert(pages.address, pages.length);
    drop(all);
    Some(Bytes::from_owner(pages))
}

/// What pages are lent through.
#[derive(Debug)]
struct Pipe {
    into: OwnedFd,
    out: OwnedFd,
}

impl Pipe {
    fn open() -> io::Result<Self> {
        let (out, into) = pipe_with(PipeFlags::CLOEXEC | PipeFlags::NONBLOCK)?;
        // A shorter one is filled more often.
        fcntl_setpipe_size(&into, PIPE_BYTES).ok();
        Ok(Self { into, out })
    }
}

/// How many of these bytes, which lie in pages, a socket takes now.
fn lend(socket: &impl AsFd, bytes: &[u8]) -> rustix::io::Result<usize> {
    let Some(pipe) = PIPE.take().or_else(|| Pipe::open().ok()) else {
        return send(socket, bytes, SendFlags::NOSIGNAL);
    };
    let (whole, flags) = (IoSliceRaw::from_slice(bytes), SpliceFlags::NONBLOCK);
    // SAFETY: nothing writes to them. Whoever drops them meanwhile unmaps them, which leaves them to
    // the kernel, and never uses them for anything else.
    let Ok(lent) = (unsafe { vmsplice(&pipe.into, &[whole], flags) }) else {
        return send(socket, bytes, SendFlags::NOSIGNAL);
    };
    let more = if lent < bytes.len() { SpliceFlags::MORE } else { SpliceFlags::empty() };
    let taken = splice(&pipe.out, None, socket, None, lent, flags | more);
    // One that something is left in goes, and that with it.
    if taken == Ok(lent) {
        PIPE.set(Some(pipe));
    }
    taken
}

/// What is to be sent to a socket: first what stands before, then what lies in pages.
#[derive(Debug)]
pub struct InPages<'a> {
    before: &'a [IoSlice<'a>],
    bytes: &'a [u8],
}

impl<'a> InPages<'a> {
    /// The first of the slices that lies in pages, with those before it; what follows it comes next.
    /// `None` if none does: then they are better written at once.
    #[must_use]
    pub fn find(slices: &'a [IoSlice<'a>]) -> Option<Self> {
        slices.iter().enumerate().find_map(|(at, slice)| {
            let is_in = slice.len() >= LEAST_BYTES && hold(slice);
            is_in.then(|| Self { before: &slices[..at], bytes: slice })
        })
    }

    /// How many bytes a socket takes now.
    ///
    /// # Errors
    /// What the kernel says, where it took nothing at all.
    pub fn send(&self, socket: &impl AsFd) -> io::Result<usize> {
        // What was taken before an error must be told; the error comes again.
        let told = |sent, error: Errno| if sent > 0 { Ok(sent) } else { Err(error.into()) };
        let mut sent = 0;
        for slice in self.before {
            // More is to come at once: the head of an answer shares the first packet of its body.
            match send(socket, slice, SendFlags::MORE | SendFlags::NOSIGNAL) {
                Ok(bytes) if bytes < slice.len() => return Ok(sent + bytes),
                Ok(bytes) => sent += bytes,
                Err(error) => return told(sent, error),
            }
        }
        match lend(socket, self.bytes) {
            Ok(bytes) => Ok(sent + bytes),
            Err(error) => told(sent, error),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::io::{Read as _, Write as _};
    use std::net::{TcpListener, TcpStream};

    use rustix::net::sockopt::{set_socket_recv_buffer_size, set_socket_send_buffer_size};

    use super::*;

    fn noise(length: usize) -> Vec<u8> {
        let byte = |n: usize| u8::try_from(n.wrapping_mul(2_654_435_761) >> 24 & 0xff);
        (0..length).map(|n| byte(n).unwrap()).collect()
    }

    fn connection() -> (TcpStream, TcpStream) {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let client = TcpStream::connect(listener.local_addr().unwrap()).unwrap();
        let (server, _) = listener.accept().unwrap();
        server.set_nonblocking(true).unwrap();
        (server, client)
    }

    /// Sends everything, as whoever serves a connection does, while the client reads.
    fn carry(parts: &[&[u8]]) -> Vec<u8> {
        let (mut server, mut client) = connection();
        std::thread::scope(|scope| {
            let reading = scope.spawn(move || {
                let mut all = Vec::new();
                client.read_to_end(&mut all).unwrap();
                all
            });
            let mut left: Vec<&[u8]> = parts.to_vec();
            while !left.is_empty() {
                let slices: Vec<_> = left.iter().map(|part| IoSlice::new(part)).collect();
                let taken = match InPages::find(&slices) {
                    Some(found) => found.send(&server),
                    None => server.write_vectored(&slices),
                };
                let mut taken = match taken {
                    Err(error) if error.kind() == io::ErrorKind::WouldBlock => continue,
                    taken => taken.unwrap(),
                };
                left.retain_mut(|part| {
                    let of_it = taken.min(part.len());
                    *part = &part[of_it..];
                    taken -= of_it;
                    !part.is_empty()
                });
            }
            drop(server);
            reading.join().unwrap()
        })
    }

    #[test]
    fn bytes_in_pages_arrive_as_any_others_do() {
        let (large, small) = (noise(3_000_001), noise(700));
        let (one, other) = (copy_of(&large).unwrap(), copy_of(&noise(40_000)).unwrap());
        assert_eq!(one, large);
        for parts in [
            vec![&one[..]],
            vec![&small[..], &one],
            vec![&small[..], &large, &one, &small, &other],
            vec![&one[1..20_000], &one[4095..], &other[..100]],
            vec![&small[..], &large],
        ] {
            assert!(carry(&parts) == parts.concat(), "{:?}", parts.iter().map(|p| p.len()));
        }
    }

    #[test]
    fn what_is_on_its_way_outlives_the_pages() {
        let (server, mut client) = connection();
        let bytes = noise(200_000);
        let pages = copy_of(&bytes).unwrap();
        let sent = InPages::find(&[IoSlice::new(&pages)]).unwrap().send(&server).unwrap();
        assert!(sent > 0);
        drop(pages);
        let _another = copy_of(&[1; 200_000]).unwrap();
        drop(server);
        let mut read = Vec::new();
        client.read_to_end(&mut read).unwrap();
        assert!(read == bytes[..sent]);
    }

    #[test]
    fn only_what_lies_in_pages_is_found() {
        let bytes = copy_of(&noise(20_000)).unwrap();
        let part = bytes.slice(5_000..15_000);
        assert!(hold(&bytes) && hold(&part) && hold(&part[9_999..]));
        assert!(!hold(&noise(20_000)));
        let part_of_it = bytes.slice(..10);
        drop((bytes, part));
        assert!(hold(&part_of_it), "as long as any of it is held");
        let address = part_of_it.as_ptr().addr();
        drop(part_of_it);
        // What other tests have mapped there since is of another length.
        assert_ne!(ALL.read().unwrap().get(&address), Some(&20_000));
    }

    #[test]
    fn nobody_can_change_pages() {
        let bytes = copy_of(&noise(30_000)).unwrap();
        let maps = std::fs::read_to_string("/proc/self/maps").unwrap();
        let address = bytes.as_ptr().addr();
        let access = maps.lines().find_map(|line| {
            let (range, rest) = line.split_once(' ')?;
            let (start, end) = range.split_once('-')?;
            let [start, end] = [start, end].map(|hex| usize::from_str_radix(hex, 16).unwrap());
            (start..end).contains(&address).then(|| rest[..4].to_owned())
        });
        assert_eq!(access.as_deref(), Some("r--p"));
    }

    #[test]
    fn a_socket_that_takes_a_part_gets_the_rest_later() {
        let (server, client) = connection();
        let bytes = copy_of(&noise(1_000_000)).unwrap();
        set_socket_send_buffer_size(&server, 20_000).unwrap();
        set_socket_recv_buffer_size(&client, 20_000).unwrap();
        let mut sent = 0;
        while let Ok(more) = InPages::find(&[IoSlice::new(&bytes[sent..])]).unwrap().send(&server) {
            sent += more;
        }
        assert!((1..bytes.len()).contains(&sent), "{sent}");
        let mut came = vec![0; sent];
        (&client).read_exact(&mut came).unwrap();
        assert!(came == bytes[..sent]);
    }
}
