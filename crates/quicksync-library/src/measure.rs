//! Measures how loud tracks and albums are, when nothing more urgent is to be done.
//!
//! Knows: that a measurement belongs to audio, not to a file. Never: samples.

use std::collections::HashSet;

use quicksync_decode::{DecodeError, album_loudness};
use quicksync_store::{LoudnessRow, StoreError, UnmeasuredRow};

use crate::handle::{Library, Shared};
use crate::status::{Analysing, Count, ScanStatus};
use crate::walk::FoundFile;

/// Tracks asked of the store at a time.
const LOOK_AHEAD: u32 = 64;

impl Library {
    /// Measures every track whose loudness is not known, one at a time, then every album that
    /// changed. Ends early when another track waits to be read whole, which comes first. `progress`
    /// is told after each track. Returns how many were measured.
    ///
    /// # Errors
    /// See [`StoreError`].
    pub async fn measure_pending(
        &self,
        progress: &(dyn Fn(ScanStatus) + Send + Sync),
    ) -> Result<u64, StoreError> {
        let shared = &self.shared;
        let total = shared.store.counts().await?.unmeasured;
        let mut analysing = Analysing::start(&shared.status, Count { done: 0, total });
        let waiting = shared.store.unanalysed(LOOK_AHEAD).await?.len();
        let mut tried = HashSet::new();
        let mut measured = 0;
        loop {
            let rows = shared.store.unmeasured(LOOK_AHEAD).await?;
            let new: Vec<_> = rows.into_iter().filter(|row| tried.insert(row.id)).collect();
            if new.is_empty() {
                break;
            }
            for row in new {
                if shared.store.unanalysed(LOOK_AHEAD).await?.len() > waiting {
                    return Ok(measured);
                }
                measured += u64::from(shared.measure(&row).await?);
                analysing.step();
                progress(shared.status.now());
            }
            shared.measure_albums().await?;
        }
        shared.measure_albums().await?;
        Ok(measured)
    }
}

impl Shared {
    /// Whether the track was measured. What cannot be is kept as such, but for a file that is not
    /// there or not the one that was analysed.
    async fn measure(&self, row: &UnmeasuredRow) -> Result<bool, StoreError> {
        let is_same = || {
            let found = FoundFile::at(&row.path).ok().flatten();
            found.is_some_and(|now| {
                (now.size_bytes, now.modified_us) == (row.size_bytes, row.modified_us)
            })
        };
        if !is_same() {
            return Ok(false);
        }
        let measured = match self.decoder.measure(&row.path, row.samples).await {
            Ok(found) => LoudnessRow { loudness: found.loudness(), blocks: found.blocks },
            Err(DecodeError::Unreadable(_) | DecodeError::Died(_)) => return Ok(false),
            Err(error) => {
                tracing::info!(path = %row.path.display(), %error, "its loudness stays unknown");
                LoudnessRow::default()
            }
        };
        if !is_same() {
            return Ok(false);
        }
        self.store.put_loudness(&row.audio_hash, &measured).await?;
        Ok(true)
    }

    async fn measure_albums(&self) -> Result<(), StoreError> {
        while let Some(album) = self.store.unmeasured_album().await? {
            let tracks = album.tracks.iter().map(|row| (row.blocks.as_slice(), row.loudness));
            let loudness = album_loudness(tracks);
            self.store.put_album_loudness(album.id, album.changes, loudness).await?;
        }
        Ok(())
    }
}
