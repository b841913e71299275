//! What a scan costs: `scan_cost FOLDER DATABASE` prints one JSON object, seconds for a scan of new
//! files into a new database, for a scan of the same files unchanged, and for the least that each
//! could be: reading every file's tags, and asking the system about every file. Each is done with
//! the files in the page cache.
//!
//! Never: a worker process, a file decoded whole.

use std::error::Error;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Instant;

use lofty::prelude::TaggedFileExt as _;
use quicksync_decode::InProcess;
use quicksync_library::{Library, LibraryConfig};
use quicksync_store::{SqliteStore, StoreOptions};
use walkdir::WalkDir;

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args_os().skip(1).map(PathBuf::from);
    let (Some(folder), Some(database)) = (arguments.next(), arguments.next()) else {
        return Err("usage: scan_cost FOLDER DATABASE".into());
    };
    // Once for the page cache.
    let files = read_tags(&folder)?;
    let bare_tags_s = seconds(|| read_tags(&folder))?;
    let bare_stat_s = seconds(|| stat(&folder))?;
    let store = SqliteStore::open(&database, StoreOptions::default()).await?;
    let config = LibraryConfig::from(vec![folder]);
    let library = Library::new(Arc::new(store.clone()), Arc::new(InProcess), config);
    let begun = Instant::now();
    let first = library.scan_once(&|_| {}).await?;
    let new_s = begun.elapsed().as_secs_f64();
    let begun = Instant::now();
    let second = library.scan_once(&|_| {}).await?;
    let unchanged_s = begun.elapsed().as_secs_f64();
    store.close().await;
    if (first.read, second.unchanged) != (files, files) {
        return Err(format!("{files} files, but {first:?}, then {second:?}").into());
    }
    #[expect(clippy::print_stdout, reason = "it is what the program is for")]
    {
        println!(
            "{{\"files\": {files}, \"bare_tags_s\": {bare_tags_s:.6}, \
             \"bare_stat_s\": {bare_stat_s:.6}, \"new_s\": {new_s:.6}, \
             \"unchanged_s\": {unchanged_s:.6}}}"
        );
    }
    Ok(())
}

fn seconds<T>(work: impl FnOnce() -> Result<T, Box<dyn Error>>) -> Result<f64, Box<dyn Error>> {
    let begun = Instant::now();
    work()?;
    Ok(begun.elapsed().as_secs_f64())
}

/// Reads the tags of every file, one after another; how many files have some.
fn read_tags(folder: &Path) -> Result<u64, Box<dyn Error>> {
    let mut tagged = 0;
    for entry in WalkDir::new(folder) {
        let entry = entry?;
        if entry.file_type().is_file() {
            tagged += u64::from(lofty::read_from_path(entry.path())?.primary_tag().is_some());
        }
    }
    Ok(tagged)
}

/// Asks for the size and the time of every file.
fn stat(folder: &Path) -> Result<u64, Box<dyn Error>> {
    let mut bytes = 0;
    for entry in WalkDir::new(folder) {
        let metadata = entry?.metadata()?;
        std::hint::black_box(metadata.modified()?);
        bytes += metadata.len();
    }
    Ok(bytes)
}
