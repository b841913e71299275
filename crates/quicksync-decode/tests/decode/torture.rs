//! What a worker of the tests does to a file's mutants: everything a server would, and nothing may
//! come of it but sound or an error.

use std::fs;
use std::path::Path;

use quicksync_decode::worker::{JobError, Output};
use quicksync_decode::{DecodeError, analyse, decode, measure, probe};
use rustix::process::{Resource, Rlimit, setrlimit};

use crate::mutate::{Lcg, fix_ogg_checksums};

/// Seconds of computing that one mutant may take; an honest file of that size takes milliseconds.
const MOST_S: u64 = 5;
/// Ticks in a second of proc_pid_stat(5), on every Linux there is.
const TICKS: u64 = 100;
/// A byte of coded audio holds no hour of it.
const MOST_SAMPLES: u64 = 40_000_000;

/// `file\nscratch\nfirst\ncount`: tries so many mutants of `file` by way of `scratch`. Answers with how
/// many of them still gave sound.
pub(crate) fn torture(payload: &[u8]) -> Result<Output, JobError> {
    let text = std::str::from_utf8(payload).unwrap();
    let [file, scratch, first, count] = text.split('\n').collect::<Vec<_>>()[..] else {
        return Err(JobError::Unsupported("not an order".into()));
    };
    let (file, scratch) = (fs::read(file).unwrap(), Path::new(scratch));
    let first: u64 = first.parse().unwrap();
    let mut sounding = 0_u64;
    for seed in first..first + count.parse::<u64>().unwrap() {
        let start = cpu_ticks();
        // What computes without end is killed, however busy the machine is.
        let most = start / TICKS + 2 * MOST_S;
        setrlimit(Resource::Cpu, Rlimit { current: Some(most), maximum: None }).unwrap();
        fs::write(scratch, mutant(&file, seed)).unwrap();
        sounding += u64::from(
            try_all(scratch, seed).map_err(|why| JobError::Malformed(format!("{seed}: {why}")))?,
        );
        let took = cpu_ticks() - start;
        if took > MOST_S * TICKS {
            return Err(JobError::Malformed(format!("{seed}: {took} ticks of computing")));
        }
    }
    Ok(sounding.to_string().into())
}

/// Whether there is sound in it.
fn try_all(path: &Path, seed: u64) -> Result<bool, String> {
    honest(probe(path))?;
    let analysis = honest(analyse(path))?;
    if let Some(analysis) = analysis {
        if analysis.samples > MOST_SAMPLES {
            return Err(format!("{} samples", analysis.samples));
        }
        if seed.is_multiple_of(8) {
            honest(measure(path, analysis.samples))?;
        }
    }
    let range = honest(decode(path, 2000 * (seed % 3), 2000))?;
    match range {
        Some(range) if range.len() > 4000 => Err("more than was asked for".into()),
        range => Ok(analysis.is_some() && range.is_some()),
    }
}

/// Damage is told as damage: it is neither a panic, nor the system's fault, nor a lack of memory.
fn honest<T>(result: Result<T, DecodeError>) -> Result<Option<T>, String> {
    match result {
        Ok(value) => Ok(Some(value)),
        Err(DecodeError::Malformed(_) | DecodeError::Unsupported(_)) => Ok(None),
        Err(other) => Err(other.to_string()),
    }
}

/// One of many ways to damage a file, chosen by `seed`. Of Ogg files every other one has whole
/// checksums again, so that the damage reaches what is inside the pages.
fn mutant(file: &[u8], seed: u64) -> Vec<u8> {
    let mut random = Lcg(seed);
    let mut bytes = file.to_vec();
    let length = bytes.len() as u64;
    // Headers are where damage tells most.
    let near_start = |random: &mut Lcg| random.below(length.min(600)) as usize;
    match seed % 6 {
        0 => bytes.truncate(random.below(length) as usize),
        1 => {
            for _ in 0..=random.below(8) {
                bytes[near_start(&mut random)] ^= 1 << random.below(8);
            }
        }
        2 => {
            for _ in 0..=random.below(30) {
                bytes[random.below(length) as usize] = random.below(256) as u8;
            }
        }
        3 => {
            // A size, a count or a time as large as can be.
            let at = near_start(&mut random);
            let end = (at + 4).min(bytes.len());
            bytes[at..end].fill(0xff);
        }
        4 => {
            let at = random.below(length) as usize;
            let end = (at + random.below(500) as usize).min(bytes.len());
            bytes.drain(at..end);
        }
        _ => {
            let at = random.below(length) as usize;
            let end = (at + random.below(2000) as usize).min(bytes.len());
            let piece = bytes[at..end].to_vec();
            let to = random.below(length) as usize;
            bytes.splice(to..to, piece);
        }
    }
    if seed / 6 % 2 == 1 && file.starts_with(b"OggS") {
        fix_ogg_checksums(&mut bytes);
    }
    bytes
}

/// Time this process has computed for.
fn cpu_ticks() -> u64 {
    let stat = fs::read_to_string("/proc/self/stat").unwrap();
    let (_, fields) = stat.rsplit_once(") ").unwrap();
    fields.split(' ').skip(11).take(2).map(|ticks| ticks.parse::<u64>().unwrap()).sum()
}
