//! `scan`: reads the music folders into the library once, with a progress bar for who watches.

use std::time::Duration;

use anyhow::{Context as _, Result};
use indicatif::ProgressBar;
use quicksync_library::{Library, ScanPhase, ScanReport, ScanStatus};
use quicksync_store::{LibraryCounts, LibraryStore as _, PageRequest, SqliteStore};
use serde::Serialize;

use crate::cli::ScanArgs;
use crate::config::{Config, Surroundings};
use crate::data_dir;
use crate::output::{progress_bar, say};
use crate::rooms::{self, Pools};

/// Files that are being written are tried again this often, this far apart.
const TRIES: usize = 3;
const BETWEEN_TRIES: Duration = Duration::from_secs(2);
/// Problems printed at most.
const PROBLEMS: u32 = 500;

/// What `--json` prints.
#[derive(Serialize)]
struct Report {
    found: u64,
    unchanged: u64,
    read: u64,
    broken: u64,
    returned: u64,
    vanished: u64,
    missing_roots: Vec<String>,
    tracks: u64,
    albums: u64,
    artists: u64,
    problems: Vec<Problem>,
}

#[derive(Serialize)]
struct Problem {
    path: String,
    reason: String,
}

/// `quicksync scan`.
pub(crate) async fn run(args: ScanArgs) -> Result<()> {
    let config = Config::load(args.settings, &Surroundings::real())?;
    config.require_music()?;
    data_dir::create(&config.data)?;
    let _lock = data_dir::lock(&config.data)?;
    let store = rooms::open_store(&config.store()).await?;
    let pools = Pools::new(config.encode_workers)?;
    let library = rooms::open_library(&store, &pools, config.music.clone());
    let found = read_all(&library).await?;
    let report = report(&store, found).await?;
    store.close().await;
    print(&report, args.json)
}

async fn read_all(library: &Library) -> Result<ScanReport> {
    let bar = progress_bar("{msg} {wide_bar} {pos}/{len} {eta}");
    let progress = |status: ScanStatus| show(&bar, status);
    let failed = "cannot read the music folders into the library";
    let mut found = library.scan_once(&progress).await.context(failed)?;
    for _ in 0..TRIES {
        if found.unsettled.is_empty() {
            break;
        }
        tokio::time::sleep(BETWEEN_TRIES).await;
        let later = library.scan_changed(&found.unsettled).await.context(failed)?;
        found.read += later.read;
        found.broken += later.broken;
        found.unsettled = later.unsettled;
    }
    let failed = "cannot read every file whole";
    library.analyse_pending(&progress).await.context(failed)?;
    library.measure_pending(&progress).await.context(failed)?;
    bar.finish_and_clear();
    Ok(found)
}

fn show(bar: &ProgressBar, status: ScanStatus) {
    bar.set_message(match status.phase {
        ScanPhase::Idle => "waiting",
        ScanPhase::Walking => "reading tags",
        ScanPhase::Analysing => "reading files whole",
    });
    bar.set_length(status.total);
    bar.set_position(status.done);
}

async fn report(store: &SqliteStore, found: ScanReport) -> Result<Report> {
    let LibraryCounts { tracks, albums, artists, .. } =
        store.counts().await.context("cannot count the tracks")?;
    let page = PageRequest { offset: 0, limit: PROBLEMS };
    let problems = store.problems(page).await.context("cannot list the problems")?;
    let problems = problems
        .items
        .into_iter()
        .map(|row| Problem { path: row.path.display().to_string(), reason: row.reason });
    Ok(Report {
        found: found.found,
        unchanged: found.unchanged,
        read: found.read,
        broken: found.broken,
        returned: found.returned,
        vanished: found.vanished,
        missing_roots: found.missing_roots.iter().map(|root| root.display().to_string()).collect(),
        tracks,
        albums,
        artists,
        problems: problems.collect(),
    })
}

fn print(report: &Report, json: bool) -> Result<()> {
    if json {
        say(&serde_json::to_string(report)?);
        return Ok(());
    }
    for root in &report.missing_roots {
        say(&format!("missing folder: {root}"));
    }
    for problem in &report.problems {
        say(&format!("{}: {}", problem.path, problem.reason));
    }
    say(&format!(
        "{} tracks, {} albums, {} artists; {} files new or changed, {} cannot be read",
        report.tracks,
        report.albums,
        report.artists,
        report.read,
        report.problems.len()
    ));
    Ok(())
}
