//! The demo library: synthesised pieces as tagged FLAC files, the same bytes on every machine.
//!
//! Everything here is made of additions, multiplications and a seeded generator, since `sin` and
//! `exp` differ between machines. Nothing is downloaded and nothing belongs to anyone else.

mod bits;
mod cover;
mod flac;
mod pieces;
mod score;
mod synth;
mod wave;

use std::path::Path;
use std::{fs, thread};

use anyhow::{Context as _, Result, anyhow};

use pieces::{PIECES, Piece};

/// Writes the library under `folder`; files that are there already are kept.
pub(crate) fn write_library(folder: &Path) -> Result<()> {
    let missing: Vec<_> = PIECES.iter().filter(|piece| !piece.path(folder).is_file()).collect();
    if missing.is_empty() {
        return Ok(());
    }
    println!("making {} pieces of music in {} ...", missing.len(), folder.display());
    thread::scope(|scope| {
        let halves = missing.chunks(missing.len().div_ceil(2));
        let workers: Vec<_> = halves
            .map(|half| {
                scope.spawn(|| half.iter().try_for_each(|piece| write_piece(folder, piece)))
            })
            .collect();
        workers.into_iter().try_for_each(|worker| {
            worker.join().map_err(|_| anyhow!("making a piece of music failed"))?
        })
    })
}

/// Written beside its place and then renamed: what is there is whole.
fn write_piece(folder: &Path, piece: &Piece) -> Result<()> {
    let path = piece.path(folder);
    let unfinished = path.with_extension("unfinished");
    fs::create_dir_all(path.parent().unwrap_or(folder))
        .and_then(|()| fs::write(&unfinished, encoded(piece)))
        .and_then(|()| fs::rename(&unfinished, &path))
        .with_context(|| format!("cannot write {}", path.display()))
}

fn encoded(piece: &Piece) -> Vec<u8> {
    let picture = cover::png(piece.album.seed);
    flac::encode(&score::perform(piece), piece.rate, &piece.tags(), &picture)
}

/// A cover as PNG that no other `seed` has.
pub(crate) fn cover(seed: u32) -> Vec<u8> {
    cover::png(seed.into())
}

/// A small FLAC file of quiet noise, a quarter of a second, that no other `seed` has.
pub(crate) fn noise(seed: u32, tags: &[(&str, String)], cover: &[u8]) -> Vec<u8> {
    // The constants of Numerical Recipes' quick generator.
    let mut state = seed;
    let mut next = || {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        let [high, ..] = state.to_be_bytes();
        i16::from(high) - 128
    };
    let frames: Vec<flac::Frame> = (0..NOISE_FRAMES).map(|_| [next(), next()]).collect();
    flac::encode(&frames, 44_100, tags, cover)
}

/// A quarter of a second at 44.1 kHz.
const NOISE_FRAMES: u32 = 11_025;

#[cfg(test)]
mod tests {
    use super::*;

    /// FNV-1a, 64 bits.
    fn hash(bytes: &[u8]) -> u64 {
        bytes.iter().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
            (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3)
        })
    }

    #[test]
    fn the_bytes_are_the_same_everywhere() {
        let shortest = PIECES.iter().min_by_key(|piece| piece.bars).unwrap();
        let bytes = encoded(shortest);
        assert_eq!((bytes.len(), hash(&bytes)), (6_825_206, 2_704_718_042_241_587_663));
    }

    #[test]
    fn every_seed_has_noise_of_its_own() {
        let tags = [("TITLE", "a".to_owned())];
        let [one, other] = [1, 2].map(|seed| noise(seed, &tags, &cover(3)));
        assert!(one.starts_with(b"fLaC") && one != other);
        assert_eq!(hash(&one), hash(&noise(1, &tags, &cover(3))));
    }
}
