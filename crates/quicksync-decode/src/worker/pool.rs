//! The parent's side: warm children, one request at a time each, a deadline on every request.
//!
//! Knows: how to start a child, how long it may take, and what its end means. Never: what a job
//! means, nor which request matters more: a pool serves in order of arrival.

use std::ffi::OsString;
use std::io;
use std::os::unix::process::ExitStatusExt as _;
use std::path::PathBuf;
use std::pin::pin;
use std::process::{ExitStatus, Stdio};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use bytemuck::Pod;
use rustix::process::{Pid, setpriority_process};
use tokio::process::{Child, ChildStdin, ChildStdout, Command};
use tokio::sync::Semaphore;
use tokio::time::timeout;

use super::frame::{JobError, Kind, read_answer, send};
use crate::source::DecodeError;

/// Memory that one child may use. The largest honest answer takes some 200 MiB on its way.
pub const DEFAULT_MEMORY_LIMIT_BYTES: u64 = 1 << 30;
/// Time for one decode, which takes milliseconds: generous, for slow disks and busy machines.
pub const DECODE_TIMEOUT: Duration = Duration::from_secs(30);
/// Time for reading a whole file once.
pub const ANALYSE_TIMEOUT: Duration = Duration::from_secs(120);
/// How much mimalloc reserves at once, in KiB. Left alone it takes a GiB of writable address space as
/// the program starts, which counts against the limit although nothing uses it: a child would then
/// have a GiB or nothing, whatever its limit. Other allocators do not know the name.
const ARENA: (&str, &str) = ("MIMALLOC_ARENA_RESERVE", "65536");
/// The lowest priority there is, for children that give way: nice(2).
const LOWEST_PRIORITY: i32 = 19;
/// How many times its deadline a child that gives way may take while others have the processors.
/// Beyond that it is more likely stuck, on a disk that is gone for instance.
const PATIENCE: u32 = 10;
/// What a child's pipe holds: as much as Linux allows everybody (`/proc/sys/fs/pipe-max-size`).
const PIPE_BYTES: usize = 1 << 20;
/// A child whose pipe is closed is dead, or about to be: how long to wait to learn how it died.
const LAST_WORDS: Duration = Duration::from_secs(5);
/// The number of SIGABRT on every Unix: how a Rust program ends that gets no memory.
const SIGABRT: i32 = 6;

/// How to run a pool.
#[derive(Clone, Debug)]
pub struct PoolConfig {
    /// The program that calls [`serve`](super::serve).
    pub program: PathBuf,
    /// Its arguments.
    pub args: Vec<OsString>,
    /// Children at most; at least one. They are started when needed, or by
    /// [`Pool::start_ahead`].
    pub workers: usize,
    /// Memory that each child may use: [`DEFAULT_MEMORY_LIMIT_BYTES`]. Less than 256 MiB is too
    /// little for the longest ranges.
    pub memory_limit_bytes: u64,
    /// Time for one request: [`DECODE_TIMEOUT`] or [`ANALYSE_TIMEOUT`]. Time spent waiting for a
    /// child does not count.
    pub request_timeout: Duration,
    /// For work that nobody waits for: the children run at the lowest priority, and get the
    /// processors that others leave. Of a request's time only what its child computed counts, up to ten
    /// times as much in all.
    pub gives_way: bool,
}

/// Why a call gave no result.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CallError {
    /// The job ran and said no.
    #[error(transparent)]
    Refused(#[from] JobError),
    /// The job took more memory or time than it may.
    #[error("the job needs more resources than it may take: {0}")]
    Exhausted(String),
    /// The child died twice over it, or could not be started.
    #[error("the worker stopped: {0}")]
    Died(String),
}

impl From<CallError> for DecodeError {
    fn from(error: CallError) -> Self {
        match error {
            CallError::Refused(error) => error.into(),
            CallError::Exhausted(text) => Self::Exhausted(text),
            CallError::Died(text) => Self::Died(text),
        }
    }
}

/// Children that answer requests. Clones share them; they end with the last clone.
#[derive(Clone, Debug)]
pub struct Pool {
    shared: Arc<Shared>,
}

#[derive(Debug)]
struct Shared {
    config: PoolConfig,
    /// One permit a child that may run.
    free: Semaphore,
    idle: Mutex<Vec<Running>>,
}

impl Pool {
    /// A pool that starts its children when they are needed.
    #[must_use]
    pub fn new(config: PoolConfig) -> Self {
        let free = Semaphore::new(config.workers.clamp(1, Semaphore::MAX_PERMITS));
        let idle = Mutex::new(Vec::new());
        Self { shared: Arc::new(Shared { config, free, idle }) }
    }

    /// Starts the children that are not there yet, so that the first requests need not wait for
    /// them. One that cannot be started now is started when it is needed, or says why it cannot.
    pub fn start_ahead(&self) {
        let mut idle = self.shared.idle();
        while idle.len() < self.shared.config.workers {
            match Running::start(&self.shared.config) {
                Ok(child) => idle.push(child),
                Err(error) => {
                    tracing::warn!(%error, "a worker cannot be started ahead");
                    return;
                }
            }
        }
    }

    /// Runs `job` over `payload` in a child. Dropping the future kills the child that works on it.
    ///
    /// A request over its deadline is not tried again. One whose child died is, once and in a new one:
    /// it may have been another request's fault, or the system's, which may have ended them all.
    ///
    /// # Errors
    /// See [`CallError`].
    pub async fn call(&self, job: &str, payload: &[u8]) -> Result<Vec<u8>, CallError> {
        self.ask(job, payload).await
    }

    /// The same, for a job that answers with items.
    pub(super) async fn ask<T: Pod>(&self, job: &str, payload: &[u8]) -> Result<Vec<T>, CallError> {
        let shared = &self.shared;
        let _permit = shared
            .free
            .acquire()
            .await
            .map_err(|_| CallError::Died("the pool is closed".into()))?;
        let kept = shared.idle().pop();
        match shared.attempt(kept, job, payload).await {
            Err(Failure::Ended(first)) => {
                tracing::warn!(job, how = %first, "a worker died; trying once more");
                shared.attempt(None, job, payload).await
            }
            other => other,
        }
        .map_err(Failure::into_error)?
        .map_err(CallError::Refused)
    }
}

/// Why there is no answer.
enum Failure {
    Late(Duration),
    NotStarted(io::Error),
    Ended(End),
}

impl Failure {
    fn into_error(self) -> CallError {
        match self {
            Self::Late(limit) => {
                CallError::Exhausted(format!("no answer within {} s", limit.as_secs_f32()))
            }
            Self::NotStarted(error) => CallError::Died(format!("it cannot be started: {error}")),
            Self::Ended(end) if end.out_of_memory() => CallError::Exhausted(end.to_string()),
            Self::Ended(end) => CallError::Died(end.to_string()),
        }
    }
}

/// How a child ended.
#[derive(Debug)]
struct End(Option<ExitStatus>);

impl End {
    fn out_of_memory(&self) -> bool {
        self.0.and_then(|status| status.signal()) == Some(SIGABRT)
    }
}

impl std::fmt::Display for End {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.0 {
            Some(_) if self.out_of_memory() => f.write_str("it aborted, most likely out of memory"),
            Some(status) => write!(f, "it ended with {status}"),
            None => f.write_str("it made no sense"),
        }
    }
}

impl Shared {
    /// Asks the child that was `kept`, or a new one.
    async fn attempt<T: Pod>(
        &self,
        kept: Option<Running>,
        job: &str,
        payload: &[u8],
    ) -> Result<Result<Vec<T>, JobError>, Failure> {
        let mut child = match kept {
            Some(child) => child,
            None => Running::start(&self.config).map_err(Failure::NotStarted)?,
        };
        let limit = self.config.request_timeout;
        let allowed = if self.config.gives_way {
            Allowed { computing: limit, waiting: limit.saturating_mul(PATIENCE) }
        } else {
            Allowed { computing: limit, waiting: limit }
        };
        let computed = child.computing_time();
        // A child left behind by any of these returns, or by a dropped future, is killed: what it
        // would still say belongs to nobody.
        match allowed.wait_for(child.exchange(job, payload), computed).await {
            None => Err(Failure::Late(limit)),
            Some(Err(error)) => Err(Failure::Ended(child.end(&error).await)),
            Some(Ok(answer)) => {
                self.idle().push(child);
                Ok(answer)
            }
        }
    }

    fn idle(&self) -> std::sync::MutexGuard<'_, Vec<Running>> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Time for one request.
#[derive(Clone, Copy, Debug)]
struct Allowed {
    computing: Duration,
    /// At least as much.
    waiting: Duration,
}

impl Allowed {
    /// What `work` gives, or `None` once it computed or waited too long. `computed` tells how long
    /// its child has computed in its life; where it cannot, waiting is as computing.
    async fn wait_for<T>(
        self,
        work: impl Future<Output = T>,
        computed: impl Fn() -> Option<Duration>,
    ) -> Option<T> {
        let mut work = pin!(work);
        let before = computed();
        let (mut waited, mut wait) = (Duration::ZERO, self.computing);
        loop {
            if let Ok(answer) = timeout(wait, &mut work).await {
                return Some(answer);
            }
            waited += wait;
            let used = computed().zip(before).map(|(now, before)| now.saturating_sub(before));
            let left = self.computing.saturating_sub(used?);
            wait = left.min(self.waiting.saturating_sub(waited));
            if wait.is_zero() {
                return None;
            }
        }
    }
}

/// Lets a segment's samples through in two turns of either side instead of twenty. A pipe that stays
/// narrow is only slower.
fn widen(output: &ChildStdout) {
    #[cfg(target_os = "linux")]
    if let Err(error) = rustix::pipe::fcntl_setpipe_size(output, PIPE_BYTES) {
        tracing::debug!(%error, "a worker's pipe stays narrow");
    }
}

/// A child at full priority is only a worse neighbour.
fn give_way(child: &Child) {
    let id = child.id().and_then(|id| Pid::from_raw(i32::try_from(id).ok()?));
    let lowered = id.map(|id| setpriority_process(Some(id), LOWEST_PRIORITY));
    if let Some(Err(error)) = lowered {
        tracing::debug!(%error, "a worker does not give way");
    }
}

/// A child and its pipes.
#[derive(Debug)]
struct Running {
    process: Child,
    input: ChildStdin,
    output: ChildStdout,
    /// Sent before the first request.
    limits: Option<[u8; 8]>,
}

impl Running {
    fn start(config: &PoolConfig) -> io::Result<Self> {
        let mut process = Command::new(&config.program)
            .args(&config.args)
            .env(ARENA.0, ARENA.1)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            // A terminal's interrupt is for the parent, which ends its children itself.
            .process_group(0)
            .kill_on_drop(true)
            .spawn()?;
        let missing = || io::Error::other("a child without pipes");
        let input = process.stdin.take().ok_or_else(missing)?;
        let output = process.stdout.take().ok_or_else(missing)?;
        widen(&output);
        if config.gives_way {
            give_way(&process);
        }
        Ok(Self { process, input, output, limits: Some(config.memory_limit_bytes.to_le_bytes()) })
    }

    /// How long the child has computed so far, where the system tells.
    fn computing_time(&self) -> impl Fn() -> Option<Duration> + use<> {
        let stat = self.process.id().map(|id| format!("/proc/{id}/schedstat"));
        move || {
            let figures = std::fs::read_to_string(stat.as_ref()?).ok()?;
            figures.split(' ').next()?.parse().ok().map(Duration::from_nanos)
        }
    }

    async fn exchange<T: Pod>(
        &mut self,
        job: &str,
        payload: &[u8],
    ) -> io::Result<Result<Vec<T>, JobError>> {
        let length = u8::try_from(job.len()).map_err(|_| io::ErrorKind::InvalidInput)?;
        if let Some(limits) = self.limits.take() {
            send(&mut self.input, Kind::Limits, &[&limits]).await?;
        }
        send(&mut self.input, Kind::Request, &[&[length], job.as_bytes(), payload]).await?;
        read_answer(&mut self.output).await
    }

    /// How the child ended that failed with `error`; one that lives and talks nonsense is killed.
    async fn end(mut self, error: &io::Error) -> End {
        if error.kind() == io::ErrorKind::InvalidData {
            return End(None);
        }
        End(timeout(LAST_WORDS, self.process.wait()).await.ok().and_then(Result::ok))
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicU64, Ordering};

    use tokio::time::{Instant, sleep};

    use super::*;

    const S: Duration = Duration::from_secs(1);

    #[tokio::test(start_paused = true)]
    async fn only_computing_counts_against_the_deadline_of_work_that_gives_way() {
        // Takes so long, of which it computes so many hundredths: what it gives, and when.
        for (takes_s, computes, expected, after_s) in [
            (9, Some(100), Some("done"), 9),
            (30, Some(100), None, 10),
            (30, Some(10), Some("done"), 30),
            (300, Some(3), None, 100),
            (300, Some(0), None, 100),
            // 10 s of it at a fifth are done after 50 s.
            (90, Some(20), None, 50),
            (30, None, None, 10),
        ] {
            let began = Instant::now();
            let work = async {
                sleep(S * takes_s).await;
                "done"
            };
            let computed = || computes.map(|share: u32| began.elapsed() * share / 100);
            let allowed = Allowed { computing: 10 * S, waiting: 100 * S };
            let got = allowed.wait_for(work, computed).await;
            assert_eq!(got, expected, "{takes_s} s at {computes:?} %");
            let took = began.elapsed().as_secs_f64();
            assert!((took - f64::from(after_s)).abs() < 0.1, "{takes_s} s: {took}");
        }
    }

    #[tokio::test(start_paused = true)]
    async fn what_a_child_computed_before_is_not_this_requests() {
        let computed_ms = AtomicU64::new(1_000_000);
        let computed = || Some(Duration::from_millis(computed_ms.load(Ordering::Relaxed)));
        let work = async {
            sleep(15 * S).await;
            computed_ms.fetch_add(5_000, Ordering::Relaxed);
            sleep(5 * S).await;
        };
        let allowed = Allowed { computing: 10 * S, waiting: 100 * S };
        assert!(allowed.wait_for(work, computed).await.is_some());
    }
}
