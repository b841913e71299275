//! The link all connections share: bytes leave it when the trace has carried them.
//!
//! # Model
//! Pieces of at most one packet queue for the link, first come first served, which shares it fairly
//! between connections. The latency is spent on the way to the server: it is a round trip's worth.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use quicksync_sim::NetworkTrace;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::sync::{Mutex, mpsc};
use tokio::time::{Instant, sleep_until};

/// Payload of one packet on Ethernet.
const PACKET_BYTES: usize = 1448;
/// Timers ring up to a few milliseconds late. A piece that was due before that begins when it was
/// due, or a late timer would cost the link capacity.
const TIMER_SLACK_US: u64 = 5_000;
/// Pieces on their way to the server at most.
const UPSTREAM_PIECES: usize = 64;

/// One shared link.
#[derive(Debug)]
pub(crate) struct Link {
    trace: NetworkTrace,
    start: OnceLock<Instant>,
    /// When the link is free again, microseconds of the trace.
    free_us: Mutex<u64>,
    carried_bytes: AtomicU64,
}

impl Link {
    pub(crate) fn new(trace: NetworkTrace) -> Self {
        Self {
            trace,
            start: OnceLock::new(),
            free_us: Mutex::new(0),
            carried_bytes: AtomicU64::new(0),
        }
    }

    /// What has come through to listeners so far.
    pub(crate) fn carried_bytes(&self) -> u64 {
        self.carried_bytes.load(Ordering::Relaxed)
    }

    /// Starts the trace, if this is the first connection.
    pub(crate) fn start(&self) {
        self.start.get_or_init(Instant::now);
    }

    fn now_us(&self) -> u64 {
        let elapsed = self.start.get_or_init(Instant::now).elapsed();
        u64::try_from(elapsed.as_micros()).unwrap_or(u64::MAX)
    }

    fn instant(&self, at_us: u64) -> Instant {
        *self.start.get_or_init(Instant::now) + Duration::from_micros(at_us)
    }

    /// Waits until the link has carried `bytes`; forever if it never will.
    async fn pass(&self, bytes: u64) {
        let mut free_us = self.free_us.lock().await;
        let begin_us = self.now_us().saturating_sub(TIMER_SLACK_US).max(*free_us);
        let Some(end_us) = self.trace.finish_us(begin_us, bytes) else {
            return std::future::pending().await;
        };
        // Held while waiting: whoever comes next queues behind.
        sleep_until(self.instant(end_us)).await;
        *free_us = end_us;
    }
}

/// Carries what the server sends, at the pace of the link.
pub(crate) async fn carry(
    link: Arc<Link>,
    mut from: impl AsyncRead + Unpin,
    mut to: impl AsyncWrite + Unpin,
) -> std::io::Result<()> {
    let mut piece = [0; PACKET_BYTES];
    loop {
        let length = from.read(&mut piece).await?;
        if length == 0 {
            return to.shutdown().await;
        }
        link.pass(length as u64).await;
        to.write_all(&piece[..length]).await?;
        link.carried_bytes.fetch_add(length as u64, Ordering::Relaxed);
    }
}

/// Carries what the listener sends, late by the latency, however much there is.
pub(crate) async fn delay(
    link: Arc<Link>,
    mut from: impl AsyncRead + Unpin,
    mut to: impl AsyncWrite + Unpin,
) -> std::io::Result<()> {
    let (sender, mut pieces) = mpsc::channel::<(Instant, Vec<u8>)>(UPSTREAM_PIECES);
    let read = async {
        let mut piece = vec![0; 16 * 1024];
        loop {
            let length = from.read(&mut piece).await?;
            let now_us = link.now_us();
            let due = link.instant(now_us + link.trace.latency_us(now_us));
            let closed = sender.send((due, piece[..length].to_vec())).await.is_err();
            if length == 0 || closed {
                return Ok::<(), std::io::Error>(());
            }
        }
    };
    let write = async {
        while let Some((due, piece)) = pieces.recv().await {
            sleep_until(due).await;
            if piece.is_empty() {
                return to.shutdown().await;
            }
            to.write_all(&piece).await?;
        }
        Ok(())
    };
    tokio::try_join!(read, write).map(|_| ())
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn carried(plan: &str, bytes: usize, connections: usize) -> Duration {
        let link = Arc::new(Link::new(NetworkTrace::from_plan(plan, 0).unwrap()));
        let start = Instant::now();
        let counted = Arc::clone(&link);
        let carry_one =
            || carry(Arc::clone(&link), std::io::Cursor::new(vec![0; bytes]), Vec::new());
        let tasks: Vec<_> = (0..connections).map(|_| tokio::spawn(carry_one())).collect();
        for task in tasks {
            task.await.unwrap().unwrap();
        }
        assert_eq!(counted.carried_bytes(), (bytes * connections) as u64);
        start.elapsed()
    }

    #[tokio::test(start_paused = true)]
    async fn bytes_take_the_time_of_the_trace() {
        for (plan, bytes, connections, seconds) in [
            ("80:100", 100_000, 1, 10.0),
            ("80:100", 100_000, 3, 30.0),
            ("80:5,0:8,80:100", 100_000, 1, 18.0),
        ] {
            let elapsed = carried(plan, bytes, connections).await.as_secs_f64();
            assert!((elapsed - seconds).abs() < 0.2, "{plan}: {elapsed} s");
        }
    }

    #[tokio::test(start_paused = true)]
    async fn the_way_there_is_only_late() {
        let link = Arc::new(Link::new(NetworkTrace::from_plan("0:100", 70).unwrap()));
        let start = Instant::now();
        let mut arrived = Vec::new();
        delay(link, std::io::Cursor::new(vec![7; 100_000]), &mut arrived).await.unwrap();
        assert_eq!(arrived, vec![7; 100_000]);
        assert!((0.069..0.2).contains(&start.elapsed().as_secs_f64()), "{:?}", start.elapsed());
    }
}
