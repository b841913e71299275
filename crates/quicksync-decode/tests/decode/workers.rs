//! Children that crash, hang, allocate and babble, and the pool that survives them.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::time::Duration;

use quicksync_decode::worker::{CallError, DECODE_TIMEOUT, JobError, Pool, PoolConfig, Workers};
use quicksync_decode::{DecodeError, Decoder, InProcess, MAX_FRAMES};

use crate::media::{FORMATS, Shelf, wav};

/// Far more than any answer takes, far less than a person waits for a failing test.
const GENEROUS: Duration = DECODE_TIMEOUT;
const SHORT: Duration = Duration::from_millis(300);

pub(crate) fn pool(workers: usize, request_timeout: Duration) -> Pool {
    Pool::new(config(workers, request_timeout))
}

fn config(workers: usize, request_timeout: Duration) -> PoolConfig {
    PoolConfig {
        program: PathBuf::from(env!("CARGO_BIN_EXE_decode-test-worker")),
        args: Vec::<OsString>::new(),
        workers,
        memory_limit_bytes: 512 << 20,
        request_timeout,
        gives_way: false,
    }
}

async fn assert_answers(pool: &Pool) {
    assert_eq!(pool.call("echo", b"still here").await, Ok(b"still here".to_vec()));
}

#[tokio::test]
async fn answers_equal_those_in_process() {
    let shelf = Shelf::new();
    let workers = Workers::new(pool(1, GENEROUS), pool(1, GENEROUS));
    for format in &FORMATS {
        let path = format.encode(&shelf, 50_000);
        assert_eq!(
            workers.probe(&path).await.unwrap(),
            InProcess.probe(&path).await.unwrap(),
            "{}",
            format.name
        );
        assert_eq!(
            workers.analyse(&path).await.unwrap(),
            InProcess.analyse(&path).await.unwrap(),
            "{}",
            format.name
        );
        let ours = workers.decode(&path, 10_000, 30_000).await.unwrap();
        assert!(ours == InProcess.decode(&path, 10_000, 30_000).await.unwrap(), "{}", format.name);
    }
    let gone = shelf.path("gone");
    assert!(matches!(workers.probe(&gone).await, Err(DecodeError::Unreadable(_))));
    let text = shelf.put("text", b"no sound");
    let (theirs, ours) = (workers.analyse(&text).await, InProcess.analyse(&text).await);
    assert_eq!(theirs.unwrap_err().to_string(), ours.unwrap_err().to_string());
}

/// A pool whose children write their numbers into a log as they start.
fn logged(workers: usize, log: &Path) -> Pool {
    let script = r#"echo $$ >> "$0"; exec "$1""#;
    let worker = env!("CARGO_BIN_EXE_decode-test-worker");
    Pool::new(PoolConfig {
        program: PathBuf::from("/bin/sh"),
        args: ["-c".into(), script.into(), log.into(), worker.into()].to_vec(),
        ..config(workers, GENEROUS)
    })
}

/// The numbers of the children, once there are so many.
async fn started(log: &Path, count: usize) -> Vec<String> {
    loop {
        let text = std::fs::read_to_string(log).unwrap_or_default();
        let numbers: Vec<_> = text.split_inclusive('\n').filter(|n| n.ends_with('\n')).collect();
        if numbers.len() >= count {
            return numbers.into_iter().map(|number| number.trim().to_owned()).collect();
        }
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn children_started_ahead_are_as_many_as_may_run() {
    let shelf = Shelf::new();
    let log = shelf.path("log");
    let pool = logged(2, &log);
    pool.start_ahead();
    pool.start_ahead();
    started(&log, 2).await;
    assert_answers(&pool).await;
    assert_answers(&pool).await;
    assert_eq!(started(&log, 2).await.len(), 2, "nobody asked for more");
}

#[tokio::test]
async fn a_request_outlives_children_that_the_system_ended_while_they_had_nothing_to_do() {
    let shelf = Shelf::new();
    let log = shelf.path("log");
    let pool = logged(3, &log);
    pool.start_ahead();
    for child in started(&log, 3).await {
        let killed = std::process::Command::new("kill").args(["-9", &child]).status();
        assert!(killed.unwrap().success(), "{child}");
    }
    assert_answers(&pool).await;
}

#[tokio::test]
async fn a_pool_that_gives_way_runs_its_jobs_at_the_lowest_priority() {
    let nice = async |gives_way| {
        let pool = Pool::new(PoolConfig { gives_way, ..config(1, GENEROUS) });
        let stat = String::from_utf8(pool.call("priority", b"").await.unwrap()).unwrap();
        // proc(5): the 19th field; the name, in brackets, is the second.
        let (_, rest) = stat.rsplit_once(')').unwrap();
        rest.split_whitespace().nth(16).unwrap().to_owned()
    };
    assert_eq!(nice(true).await, "19");
    let own = std::fs::read_to_string("/proc/self/stat").unwrap();
    let (_, own) = own.rsplit_once(')').unwrap();
    assert_eq!(nice(false).await, own.split_whitespace().nth(16).unwrap(), "as its parent");
}

#[tokio::test]
async fn every_way_to_fail_has_its_error() {
    let pool = pool(1, GENEROUS);
    let refused = |error| Err(CallError::Refused(error));
    assert_eq!(
        pool.call("refuse", b"").await,
        refused(JobError::Unsupported("on principle".into()))
    );
    assert!(matches!(
        pool.call("panic", b"").await,
        Err(CallError::Refused(JobError::Malformed(text))) if text.contains("index out of bounds")
    ));
    assert!(matches!(
        pool.call("no such job", b"").await,
        Err(CallError::Refused(JobError::Unsupported(_)))
    ));
    for (job, exhausted) in
        [("abort", true), ("allocate", true), ("exit", false), ("babble", false)]
    {
        let error = pool.call(job, b"").await.unwrap_err();
        match error {
            CallError::Exhausted(_) => assert!(exhausted, "{job}"),
            CallError::Died(_) => assert!(!exhausted, "{job}"),
            other @ CallError::Refused(_) => panic!("{job}: {other}"),
        }
        assert_answers(&pool).await;
    }
}

#[tokio::test]
async fn a_late_child_is_replaced() {
    let pool = pool(1, SHORT);
    assert!(matches!(pool.call("hang", b"").await, Err(CallError::Exhausted(_))));
    // A slow machine may need more than the short deadline to start a child.
    let mut answer = pool.call("echo", b"again").await;
    while matches!(answer, Err(CallError::Exhausted(_))) {
        answer = pool.call("echo", b"again").await;
    }
    assert_eq!(answer, Ok(b"again".to_vec()));
}

#[tokio::test]
async fn a_dropped_call_answers_nobody_else() {
    let pool = pool(1, GENEROUS);
    assert_answers(&pool).await;
    for job in ["hang", "echo"] {
        let dropped = tokio::time::timeout(Duration::from_millis(1), pool.call(job, &[9; 100_000]));
        let _ = dropped.await;
        assert_answers(&pool).await;
    }
}

#[tokio::test]
async fn calls_wait_for_a_free_child_and_keep_their_answers() {
    let pool = pool(2, GENEROUS);
    let calls = (0..40_u8).map(|n| {
        let pool = pool.clone();
        tokio::spawn(async move {
            let payload = vec![n; usize::from(n) * 10_000];
            pool.call("echo", &payload).await.is_ok_and(|answer| answer == payload)
        })
    });
    for call in calls.collect::<Vec<_>>() {
        assert!(call.await.unwrap());
    }
}

#[tokio::test]
async fn a_busy_child_ends_with_its_parent() {
    use tokio::io::AsyncWriteExt as _;
    let mut child = tokio::process::Command::new(env!("CARGO_BIN_EXE_decode-test-worker"))
        .stdin(std::process::Stdio::piped())
        .stdout(std::process::Stdio::piped())
        .kill_on_drop(true)
        .spawn()
        .unwrap();
    // The frames by hand: length of the rest after the kind, kind 2, and what is asked for.
    let mut input = child.stdin.take().unwrap();
    input.write_all(b"\x07\0\0\0\x02\x04echohi\x05\0\0\0\x02\x04hang").await.unwrap();
    let mut answer = [0; 7];
    let mut output = child.stdout.take().unwrap();
    tokio::io::AsyncReadExt::read_exact(&mut output, &mut answer).await.unwrap();
    assert_eq!(&answer, b"\x02\0\0\0\x03hi");
    drop(input);
    let status = tokio::time::timeout(GENEROUS, child.wait()).await;
    assert!(status.expect("it lives on").unwrap().success());
}

#[tokio::test]
async fn a_program_that_is_not_there_is_an_error() {
    let config = PoolConfig { program: "/nonexistent/worker".into(), ..config(1, GENEROUS) };
    assert!(matches!(Pool::new(config).call("echo", b"").await, Err(CallError::Died(_))));
}

#[tokio::test]
async fn the_longest_range_fits_in_a_child() {
    let shelf = Shelf::new();
    let silence = vec![0; 2 * (MAX_FRAMES as usize + 5)];
    let path = shelf.put("long.wav", &wav(1, 1, 8_000, 16, &silence));
    let workers = Workers::new(pool(1, GENEROUS), pool(1, GENEROUS));
    let samples = workers.decode(&path, 1, MAX_FRAMES).await.unwrap();
    assert_eq!(samples.len(), 2 * MAX_FRAMES as usize);
}
