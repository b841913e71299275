//! What our own work in the background takes of the processors, and how long it waited for them.
//!
//! Decides: which work that is: threads of this process and its children that run at a lower priority
//! than the process itself. It gets what others leave, so it is nobody's load (as `ignore_nice_load`
//! has it in Linux' CPU frequency governors). Never: work of other programs, whatever its priority:
//! across control groups a priority means nothing.
//!
//! # Sources
//! proc(5): `stat` of a task, `task/*/children`; the kernel's `sched-stats.rst`: `schedstat`.

use std::collections::HashMap;
use std::path::Path;

/// What background work took since it was last asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub(super) struct Taken {
    /// Processor time, in the kernel's ticks, of all processors together.
    pub(super) ticks: u64,
    /// Time in which a task of it could have run and did not, of all tasks together.
    pub(super) waited_us: u64,
}

/// Adds up what each task of the background took.
#[derive(Debug, Default)]
pub(super) struct Background {
    known: HashMap<u32, Taken>,
}

/// Of `stat`: what tells whose a task is, and what it took.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Stat {
    id: u32,
    parent: u32,
    ticks: u64,
    /// Higher gives way to lower.
    nice: i8,
}

impl Background {
    /// What the tasks of the background took since the last call. One that began meanwhile counts
    /// from its beginning, one that ended is not counted any more.
    pub(super) fn since_last(&mut self, proc: &Path) -> Taken {
        let Some(own) = stat(&proc.join("self")) else { return Taken::default() };
        let threads: Vec<u32> = numbered(&proc.join("self/task"));
        let mut now = HashMap::new();
        for thread in &threads {
            let place = proc.join(format!("self/task/{thread}"));
            note(&mut now, stat(&place).filter(|found| found.nice > own.nice), &place);
        }
        let listed = threads.iter().flat_map(|thread| children(proc, *thread));
        // The kernel's list may lack a child while another one ends.
        for child in listed.chain(self.known.keys().copied()) {
            let place = proc.join(child.to_string());
            let is_ours = |found: &Stat| found.parent == own.id && found.nice > own.nice;
            note(&mut now, stat(&place).filter(is_ours), &place);
        }
        let taken = now.iter().fold(Taken::default(), |sum, (id, now)| {
            let before = self.known.get(id).copied().unwrap_or_default();
            Taken {
                ticks: sum.ticks + now.ticks.saturating_sub(before.ticks),
                waited_us: sum.waited_us + now.waited_us.saturating_sub(before.waited_us),
            }
        });
        self.known = now;
        taken
    }
}

fn note(tasks: &mut HashMap<u32, Taken>, found: Option<Stat>, place: &Path) {
    if let Some(Stat { id, ticks, .. }) = found {
        tasks.insert(id, Taken { ticks, waited_us: waited_us(place).unwrap_or_default() });
    }
}

fn stat(place: &Path) -> Option<Stat> {
    parse_stat(&std::fs::read_to_string(place.join("stat")).ok()?)
}

/// `id (name) state parent ...`; the name may hold anything, brackets too.
fn parse_stat(stat: &str) -> Option<Stat> {
    let (id, _) = stat.split_once(' ')?;
    let (_, rest) = stat.rsplit_once(')')?;
    let fields: Vec<&str> = rest.split_whitespace().collect();
    // proc(5) counts from 1, and the first two are read.
    let field = |number: usize| fields.get(number - 3).copied();
    let ticks = |number| field(number)?.parse::<u64>().ok();
    Some(Stat {
        id: id.parse().ok()?,
        parent: field(4)?.parse().ok()?,
        ticks: ticks(14)?.saturating_add(ticks(15)?),
        nice: field(19)?.parse().ok()?,
    })
}

/// The second figure of `schedstat`: nanoseconds on a run queue.
fn waited_us(place: &Path) -> Option<u64> {
    let figures = std::fs::read_to_string(place.join("schedstat")).ok()?;
    let waited_ns: u64 = figures.split_whitespace().nth(1)?.parse().ok()?;
    Some(waited_ns / 1000)
}

fn numbered(folder: &Path) -> Vec<u32> {
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    entries.filter_map(|entry| entry.file_name().to_str()?.parse().ok()).collect()
}

/// The children that a thread of ours started; none where the kernel does not list them.
fn children(proc: &Path, thread: u32) -> Vec<u32> {
    let list = std::fs::read_to_string(proc.join(format!("self/task/{thread}/children")));
    let list = list.unwrap_or_default();
    list.split_whitespace().filter_map(|id| id.parse().ok()).collect()
}

#[cfg(test)]
mod tests {
    use super::super::testing::Proc;
    use super::*;

    fn taken(ticks: u64, waited_us: u64) -> Taken {
        Taken { ticks, waited_us }
    }

    #[test]
    fn only_our_own_tasks_that_give_way_count() {
        let proc = Proc::new();
        let mut background = Background::default();
        proc.process(50, 1, 0).thread(50, (9, 9), 0).thread(51, (100, 0), 0);
        assert_eq!(background.since_last(proc.path()), taken(0, 0));
        // A listener's child, one for the library, and a thread that looks back.
        proc.child(70, (500, 10), 0).child(71, (300, 40), 19).thread(52, (20, 5), 19);
        assert_eq!(background.since_last(proc.path()), taken(320, 45));
        proc.child(71, (310, 41), 19).thread(52, (25, 7), 19);
        assert_eq!(background.since_last(proc.path()), taken(15, 3));
        // What ended takes nothing more; what is not ours never did.
        proc.ended(71).another(72, 1, (900, 90), 19);
        assert_eq!(background.since_last(proc.path()), taken(0, 0));
    }

    #[test]
    fn a_child_that_the_list_lacks_for_once_is_not_counted_anew() {
        let proc = Proc::new();
        let mut background = Background::default();
        proc.process(50, 1, 0).thread(50, (9, 9), 0).child(71, (300, 40), 19);
        background.since_last(proc.path());
        proc.list_no_children().child_unlisted(71, (301, 40), 19);
        assert_eq!(background.since_last(proc.path()), taken(1, 0));
        proc.child(71, (303, 40), 19);
        assert_eq!(background.since_last(proc.path()), taken(2, 0));
        // Another program's task under the number of one that ended.
        proc.ended(71).another(71, 1, (700, 0), 19);
        assert_eq!(background.since_last(proc.path()), taken(0, 0));
    }

    #[test]
    fn a_server_that_gives_way_itself_has_no_background() {
        let proc = Proc::new();
        proc.process(50, 1, 19).thread(50, (9, 9), 19).child(71, (300, 40), 19);
        assert_eq!(Background::default().since_last(proc.path()), taken(0, 0));
    }

    #[test]
    fn stat_is_read_whatever_a_task_is_called() {
        let line = |name: &str| {
            format!("71 ({name}) R 50 71 5557 0 -1 4194304 298 201 0 0 8 5 0 0 39 19 1 0 2415056")
        };
        let expected = Stat { id: 71, parent: 50, ticks: 13, nice: 19 };
        for name in ["cat", "a) R 1 (b", "", "two words"] {
            assert_eq!(parse_stat(&line(name)), Some(expected), "{name:?}");
        }
        let names_no_nice = "71 (cat) R 50 71 5557 0 -1 4194304 298 201 0 0 8 5";
        for bad in ["", "71", "71 (cat", "x (cat) R", names_no_nice] {
            assert_eq!(parse_stat(bad), None, "{bad:?}");
        }
    }

    #[test]
    fn this_process_can_read_its_own() {
        let own = stat(Path::new("/proc/self")).expect("Linux has it");
        assert_eq!(own.id, std::process::id());
        assert!(!numbered(Path::new("/proc/self/task")).is_empty());
    }
}
