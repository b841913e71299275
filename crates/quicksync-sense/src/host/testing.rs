//! A folder that looks like `/proc`, for the tests of what reads it.

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use tempfile::TempDir;

const OURS: u32 = 50;

/// Processor ticks, and microseconds of waiting.
type Took = (u64, u64);

pub(super) struct Proc {
    folder: TempDir,
    children: RefCell<BTreeSet<u32>>,
}

impl Proc {
    pub(super) fn new() -> Self {
        Self { folder: tempfile::tempdir().unwrap(), children: RefCell::default() }
    }

    pub(super) fn path(&self) -> &Path {
        self.folder.path()
    }

    pub(super) fn put(&self, name: &str, text: &str) -> &Self {
        let path = self.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
        self
    }

    /// This process.
    pub(super) fn process(&self, id: u32, parent: u32, nice: i8) -> &Self {
        assert_eq!(id, OURS, "children name it as their parent");
        self.task("self", id, parent, (0, 0), nice)
    }

    pub(super) fn thread(&self, id: u32, took: Took, nice: i8) -> &Self {
        self.task(&format!("self/task/{id}"), id, 1, took, nice)
    }

    pub(super) fn child(&self, id: u32, took: Took, nice: i8) -> &Self {
        self.children.borrow_mut().insert(id);
        self.list_children();
        self.another(id, OURS, took, nice)
    }

    pub(super) fn child_unlisted(&self, id: u32, took: Took, nice: i8) -> &Self {
        self.another(id, OURS, took, nice)
    }

    pub(super) fn another(&self, id: u32, parent: u32, took: Took, nice: i8) -> &Self {
        self.task(&id.to_string(), id, parent, took, nice)
    }

    pub(super) fn ended(&self, id: u32) -> &Self {
        self.children.borrow_mut().remove(&id);
        self.list_children();
        fs::remove_dir_all(self.path().join(id.to_string())).unwrap();
        self
    }

    pub(super) fn list_no_children(&self) -> &Self {
        self.put(&format!("self/task/{OURS}/children"), "")
    }

    fn list_children(&self) {
        let list: Vec<_> = self.children.borrow().iter().map(u32::to_string).collect();
        self.put(&format!("self/task/{OURS}/children"), &list.join(" "));
    }

    fn task(&self, place: &str, id: u32, parent: u32, (ticks, waited): Took, nice: i8) -> &Self {
        let (user, system) = (ticks / 2, ticks - ticks / 2);
        let stat = format!(
            "{id} (task) S {parent} 1 1 0 -1 0 0 0 0 0 {user} {system} 0 0 20 {nice} 1 0 9 0"
        );
        self.put(&format!("{place}/stat"), &stat);
        self.put(&format!("{place}/schedstat"), &format!("5000 {} 7", waited * 1000))
    }
}
