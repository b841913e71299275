//! Collects what changed, as the system tells of it, into the parts of folders to scan again.
//!
//! Knows: names that cannot matter. Never: what exactly happened to a file: the scan finds out.

use std::collections::BTreeSet;
use std::path::{Component, Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use tokio::sync::Notify;

use crate::folder_covers::is_folder_picture;
use crate::walk::{is_hidden, may_be_audio};

/// Changes held before it is simpler to walk everything.
const MAX_PATHS: usize = 1000;

/// What changed since the last look.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Changes {
    /// Something at or under these.
    Paths(BTreeSet<PathBuf>),
    /// More than is worth listing, or the system lost track.
    Everything,
}

impl Default for Changes {
    fn default() -> Self {
        Self::Paths(BTreeSet::new())
    }
}

/// Where the watcher's thread leaves changes for the scan. Bounded.
#[derive(Debug, Default)]
pub(crate) struct ChangeQueue {
    pending: Mutex<Changes>,
    noted: Notify,
}

impl ChangeQueue {
    /// Notes that something changed at or under `path`.
    pub(crate) fn note(&self, path: PathBuf) {
        let mut pending = self.pending.lock().unwrap_or_else(PoisonError::into_inner);
        if let Changes::Paths(paths) = &mut *pending {
            paths.insert(path);
            if paths.len() > MAX_PATHS {
                *pending = Changes::Everything;
            }
        }
        drop(pending);
        self.noted.notify_one();
    }

    /// Notes that changes were lost.
    pub(crate) fn note_everything(&self) {
        *self.pending.lock().unwrap_or_else(PoisonError::into_inner) = Changes::Everything;
        self.noted.notify_one();
    }

    /// Returns when something was noted since the last call.
    pub(crate) async fn wait(&self) {
        self.noted.notified().await;
    }

    /// What was noted, which is then forgotten.
    pub(crate) fn take(&self) -> Changes {
        std::mem::take(&mut *self.pending.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// The parts of `roots`, as (root, part), that need another look after something changed at
/// `paths`; no part lies in another.
pub(crate) fn scopes<'a>(roots: &[PathBuf], paths: &'a [PathBuf]) -> Vec<(PathBuf, PathBuf)> {
    // A picture is looked for where the music beside it is read.
    let place = |path: &'a PathBuf| match path.parent() {
        Some(folder) if is_folder_picture(path) => folder,
        _ => path.as_path(),
    };
    let mut sorted: Vec<&Path> = paths.iter().map(place).collect();
    sorted.sort();
    let mut scopes: Vec<(PathBuf, PathBuf)> = Vec::new();
    for path in sorted {
        let Some(root) = roots.iter().find(|root| path.starts_with(root)) else { continue };
        if scopes.iter().any(|(_, outer)| path.starts_with(outer)) || !can_matter(root, path) {
            continue;
        }
        if is_behind_link(root, path) {
            // Only a walk from the top knows whether another way leads there too.
            scopes.retain(|(other, _)| other != root);
            scopes.push((root.clone(), root.clone()));
        } else {
            scopes.push((root.clone(), path.to_owned()));
        }
    }
    scopes
}

fn can_matter(root: &Path, path: &Path) -> bool {
    let Ok(inside) = path.strip_prefix(root) else { return false };
    let hidden = |part: Component<'_>| matches!(part, Component::Normal(name) if is_hidden(name));
    if inside.components().any(hidden) {
        return false;
    }
    // What is gone may have been a folder of any name.
    may_be_audio(path) || !path.is_file()
}

fn is_behind_link(root: &Path, path: &Path) -> bool {
    path.ancestors().take_while(|part| *part != root).any(Path::is_symlink)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_can_matter_is_scanned_and_only_once() {
        let roots = ["/nowhere/m", "/nowhere/n"].map(PathBuf::from);
        let expect = |paths: &[&str], parts: &[&str]| {
            let paths: Vec<_> = paths.iter().map(PathBuf::from).collect();
            let found: Vec<_> = scopes(&roots, &paths).into_iter().map(|(_, part)| part).collect();
            assert_eq!(found, parts.iter().map(PathBuf::from).collect::<Vec<_>>(), "{paths:?}");
        };
        expect(&["/nowhere/m/a.flac"], &["/nowhere/m/a.flac"]);
        expect(&["/nowhere/m/x/a.flac", "/nowhere/m/x"], &["/nowhere/m/x"]);
        expect(&["/nowhere/m/x", "/nowhere/m/x2"], &["/nowhere/m/x", "/nowhere/m/x2"]);
        expect(&["/nowhere/m/.git/x", "/nowhere/m/x/.a.flac"], &[]);
        expect(&["/elsewhere/a.flac", "/nowhere"], &[]);
        expect(&["/nowhere/n"], &["/nowhere/n"]);
        expect(&["/nowhere/m/x/a.flac", "/nowhere/m/x/Cover.jpg"], &["/nowhere/m/x"]);
        expect(&["/nowhere/m/.thumbs/cover.jpg"], &[]);
    }

    #[test]
    fn too_many_changes_are_everything() {
        let queue = ChangeQueue::default();
        assert_eq!(queue.take(), Changes::default());
        queue.note("/m/a".into());
        queue.note("/m/a".into());
        assert_eq!(queue.take(), Changes::Paths([PathBuf::from("/m/a")].into()));
        for n in 0..=MAX_PATHS {
            queue.note(format!("/m/{n}").into());
        }
        queue.note("/m/last".into());
        assert_eq!(queue.take(), Changes::Everything);
        assert_eq!(queue.take(), Changes::default());
        queue.note_everything();
        assert_eq!(queue.take(), Changes::Everything);
    }
}
