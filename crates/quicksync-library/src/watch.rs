//! Has the system tell of changes under the music folders, where it can.
//!
//! Knows: why watching may be impossible. Never: what to do about a change.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use notify::event::{AccessKind, AccessMode};
use notify::{Event, EventKind, RecommendedWatcher, RecursiveMode, Watcher};

use crate::handle::Shared;

/// File systems on which others may change files without this system knowing.
const REMOTE: [&str; 14] = [
    "nfs",
    "nfs4",
    "cifs",
    "smb3",
    "smbfs",
    "9p",
    "ceph",
    "glusterfs",
    "afs",
    "davfs",
    "lustre",
    "fuse.sshfs",
    "fuse.rclone",
    "fuse.s3fs",
];

/// Watches the music folders until dropped.
pub(crate) struct Watch(
    #[expect(dead_code, reason = "it watches as long as it lives")] RecommendedWatcher,
);

impl Watch {
    /// Notes changes under every root in the library's queue.
    ///
    /// # Errors
    /// A sentence that says why not.
    pub(crate) fn start(shared: &Arc<Shared>) -> Result<Self, String> {
        let mounts = std::fs::read_to_string("/proc/self/mountinfo").unwrap_or_default();
        for root in &shared.roots {
            if let Some(kind) = remote_kind(&mounts, root) {
                return Err(format!("{} is on a network file system ({kind})", root.display()));
            }
        }
        let sender = Arc::downgrade(shared);
        let mut watcher = notify::recommended_watcher(move |event: notify::Result<Event>| {
            if let Some(shared) = sender.upgrade() {
                note(&shared, event);
            }
        })
        .map_err(|error| error.to_string())?;
        for root in &shared.roots {
            watcher
                .watch(root, RecursiveMode::Recursive)
                .map_err(|error| format!("{}: {error}", root.display()))?;
        }
        Ok(Self(watcher))
    }
}

fn note(shared: &Shared, event: notify::Result<Event>) {
    match event {
        Ok(event) if event.need_rescan() => shared.changes.note_everything(),
        Ok(event) if is_change(&event.kind) => {
            event.paths.into_iter().for_each(|path| shared.changes.note(path));
        }
        Ok(_) => {}
        Err(error) => {
            tracing::debug!(%error, "the watch missed something");
            shared.changes.note_everything();
        }
    }
}

/// Reading a file is told of too, and we read every one.
fn is_change(kind: &EventKind) -> bool {
    match kind {
        EventKind::Access(access) => *access == AccessKind::Close(AccessMode::Write),
        _ => true,
    }
}

/// The kind of network file system that `path` lies on, if it does.
fn remote_kind<'a>(mounts: &'a str, path: &Path) -> Option<&'a str> {
    let (_, kind) = mounts
        .lines()
        .filter_map(mount)
        .filter(|(place, _)| path.starts_with(place))
        .max_by_key(|(place, _)| place.components().count())?;
    REMOTE.contains(&kind).then_some(kind)
}

/// Place and kind of one line of proc_pid_mountinfo(5).
fn mount(line: &str) -> Option<(PathBuf, &str)> {
    let (before, after) = line.split_once(" - ")?;
    let place = before.split(' ').nth(4)?.replace("\\040", " ");
    Some((place.into(), after.split(' ').next()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_mount_decides() {
        let mounts = "\
            22 1 8:1 / / rw,relatime shared:1 - ext4 /dev/sda1 rw\n\
            23 22 0:5 / /mnt/nas rw shared:2 master:1 - nfs4 nas:/m rw\n\
            24 22 0:6 / /mnt/my\\040disk rw - cifs //nas/m rw\n\
            25 23 8:2 / /mnt/nas/local rw - ext4 /dev/sda2 rw\n\
            nonsense\n";
        for (path, kind) in [
            ("/music", None),
            ("/mnt/nas", Some("nfs4")),
            ("/mnt/nas/music", Some("nfs4")),
            ("/mnt/nas2", None),
            ("/mnt/my disk/music", Some("cifs")),
            ("/mnt/nas/local/music", None),
        ] {
            assert_eq!(remote_kind(mounts, Path::new(path)), kind, "{path}");
        }
        assert_eq!(remote_kind("", Path::new("/music")), None);
    }

    #[test]
    fn reading_is_no_change() {
        use notify::event::{AccessKind, CreateKind, ModifyKind, RemoveKind};
        for (kind, changes) in [
            (EventKind::Access(AccessKind::Open(AccessMode::Any)), false),
            (EventKind::Access(AccessKind::Close(AccessMode::Read)), false),
            (EventKind::Access(AccessKind::Close(AccessMode::Write)), true),
            (EventKind::Create(CreateKind::File), true),
            (EventKind::Modify(ModifyKind::Any), true),
            (EventKind::Remove(RemoveKind::Any), true),
        ] {
            assert_eq!(is_change(&kind), changes, "{kind:?}");
        }
    }
}
