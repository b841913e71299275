//! Sealed files of memory alone, found again by the address they are mapped at.
#![expect(unsafe_code, reason = "a mapping is made and taken down here, and argued for")]

use std::collections::BTreeMap;
use std::ffi::c_void;
use std::io;
use std::io::IoSlice;
use std::os::fd::{AsFd, OwnedFd};
use std::ptr;
use std::sync::{Arc, PoisonError, RwLock};

use bytes::Bytes;
use rustix::fs::{MemfdFlags, SealFlags, fcntl_add_seals, memfd_create, sendfile};
use rustix::io::{Errno, pwrite};
use rustix::mm::{MapFlags, ProtFlags, mmap, munmap};
use rustix::net::SendFlags;
use rustix::process::{Resource, getrlimit};

use crate::LEAST_BYTES;

/// The share of what a process may have that these may take: open files, which connections need too,
/// and mappings, which memory of any kind does.
const SHARE: u64 = 4;
/// Mappings that Linux gives a process (`vm.max_map_count`, where nobody changed it).
const MAPPINGS: u64 = 65_530;

/// Every file there is, by the address of its first byte.
static FILES: RwLock<BTreeMap<usize, Arc<File>>> = RwLock::new(BTreeMap::new());

/// A file that nothing changes any more.
#[derive(Debug)]
struct File {
    handle: OwnedFd,
    address: usize,
    length: usize,
}

impl File {
    fn new(bytes: &[u8]) -> io::Result<Self> {
        let flags = MemfdFlags::CLOEXEC | MemfdFlags::ALLOW_SEALING;
        let handle = memfd_create("quicksync", flags)?;
        let mut written = 0;
        while written < bytes.len() {
            match pwrite(&handle, &bytes[written..], written as u64)? {
                0 => return Err(io::ErrorKind::WriteZero.into()),
                more => written += more,
            }
        }
        fcntl_add_seals(
            &handle,
            SealFlags::WRITE | SealFlags::SHRINK | SealFlags::GROW | SealFlags::SEAL,
        )?;
        // Read at once, the pages count as this process's own where people look for them.
        let flags = MapFlags::PRIVATE | MapFlags::POPULATE;
        // SAFETY: the kernel picks an address that nothing else is at.
        let address =
            unsafe { mmap(ptr::null_mut(), bytes.len(), ProtFlags::READ, flags, &handle, 0)? };
        Ok(Self { handle, address: address.expose_provenance(), length: bytes.len() })
    }

    /// Where in the file the bytes lie, if they lie in it.
    fn offset_of(&self, bytes: &[u8]) -> Option<u64> {
        let offset = bytes.as_ptr().addr().checked_sub(self.address)?;
        let end = offset.checked_add(bytes.len())?;
        (end <= self.length).then_some(offset as u64)
    }

    fn start(&self) -> *mut c_void {
        ptr::with_exposed_provenance_mut(self.address)
    }
}

impl Drop for File {
    fn drop(&mut self) {
        // SAFETY: mapped by `new`, as long as it says. Nobody reads it any more: the only slices of it
        // are borrowed from `Shelved`, which holds on to the file.
        let unmapped = unsafe { munmap(self.start(), self.length) };
        debug_assert!(unmapped.is_ok(), "{unmapped:?}");
    }
}

/// What [`Bytes`] own of a file; without them it goes.
struct Shelved(Arc<File>);

impl AsRef<[u8]> for Shelved {
    fn as_ref(&self) -> &[u8] {
        // SAFETY: the file is mapped for reading, as long as it says and for as long as `self` holds
        // it, and is sealed against every change.
        unsafe { std::slice::from_raw_parts(self.0.start().cast_const().cast(), self.0.length) }
    }
}

impl Drop for Shelved {
    fn drop(&mut self) {
        FILES.write().unwrap_or_else(PoisonError::into_inner).remove(&self.0.address);
    }
}

/// The file that the bytes lie in, and where in it.
fn find(bytes: &[u8]) -> Option<(Arc<File>, u64)> {
    let files = FILES.read().unwrap_or_else(PoisonError::into_inner);
    let (_, file) = files.range(..=bytes.as_ptr().addr()).next_back()?;
    Some((Arc::clone(file), file.offset_of(bytes)?))
}

pub(crate) fn holds(bytes: &[u8]) -> bool {
    find(bytes).is_some()
}

/// The bytes in a file of their own; `None` where there can be none.
pub(crate) fn copy_of(bytes: &[u8]) -> Option<Bytes> {
    let may_have = getrlimit(Resource::Nofile).current.unwrap_or(MAPPINGS).min(MAPPINGS);
    let there_are = FILES.read().unwrap_or_else(PoisonError::into_inner).len() as u64;
    if there_are >= may_have / SHARE {
        return None;
    }
    let file = Arc::new(File::new(bytes).ok()?);
    let mut files = FILES.write().unwrap_or_else(PoisonError::into_inner);
    files.insert(file.address, Arc::clone(&file));
    Some(Bytes::from_owner(Shelved(file)))
}

/// What is to be sent to a socket: first what stands before, then what lies in a file.
#[derive(Debug)]
pub struct InFile<'a> {
    before: &'a [IoSlice<'a>],
    file: Arc<File>,
    offset: u64,
    length: usize,
}

impl<'a> InFile<'a> {
    /// The first of the slices that lies in a file, with those before it; what follows it comes next.
    /// `None` if none does: then they are better written at once.
    #[must_use]
    pub fn find(slices: &'a [IoSlice<'a>]) -> Option<Self> {
        slices.iter().enumerate().find_map(|(at, slice)| {
            let length = Some(slice.len()).filter(|length| *length >= LEAST_BYTES)?;
            let (file, offset) = find(slice)?;
            Some(Self { before: &slices[..at], file, offset, length })
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
            match rustix::net::send(socket, slice, SendFlags::MORE | SendFlags::NOSIGNAL) {
                Ok(bytes) if bytes < slice.len() => return Ok(sent + bytes),
                Ok(bytes) => sent += bytes,
                Err(error) => return told(sent, error),
            }
        }
        match sendfile(socket, &self.file.handle, Some(&mut self.offset.clone()), self.length) {
            Ok(bytes) => Ok(sent + bytes),
            Err(error) => told(sent, error),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::io::{Read as _, Write as _};
    use std::net::{TcpListener, TcpStream};

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
                let taken = match InFile::find(&slices) {
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
    fn bytes_in_files_arrive_as_any_others_do() {
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
    fn what_is_on_its_way_outlives_the_file() {
        let (server, mut client) = connection();
        let bytes = noise(200_000);
        let file = copy_of(&bytes).unwrap();
        let sent = InFile::find(&[IoSlice::new(&file)]).unwrap().send(&server).unwrap();
        assert!(sent > 0);
        drop(file);
        let _another = copy_of(&[1; 200_000]).unwrap();
        drop(server);
        let mut read = Vec::new();
        client.read_to_end(&mut read).unwrap();
        assert!(read == bytes[..sent]);
    }

    #[test]
    fn only_what_lies_in_a_file_is_found() {
        let bytes = copy_of(&noise(20_000)).unwrap();
        let part = bytes.slice(5_000..15_000);
        let found = |bytes: &[u8]| find(bytes).map(|(_, offset)| offset);
        assert_eq!(
            (found(&bytes), found(&part), found(&part[9_999..])),
            (Some(0), Some(5_000), Some(14_999))
        );
        assert_eq!(found(&noise(20_000)), None);
        let part_of_it = bytes.slice(..10);
        drop((bytes, part));
        assert_eq!(found(&part_of_it), Some(0), "as long as any of it is held");
        let (address, length) = (part_of_it.as_ptr().addr(), part_of_it.len());
        drop(part_of_it);
        let files = FILES.read().unwrap();
        let at = |file: &Arc<File>| (file.address..file.address + file.length).contains(&address);
        assert!(length == 10 && !files.values().any(at));
    }

    #[test]
    fn nobody_can_change_a_file() {
        let bytes = copy_of(&noise(20_000)).unwrap();
        let (file, _) = find(&bytes).unwrap();
        assert!(pwrite(&file.handle, b"x", 0).is_err());
        assert!(rustix::fs::ftruncate(&file.handle, 0).is_err());
    }
}
