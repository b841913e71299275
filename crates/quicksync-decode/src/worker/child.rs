//! The child's side: limits itself, then answers requests until its parent is gone.
//!
//! Knows: its own limits and its table of jobs. Never: the time, another child, anything that
//! outlives a request.

use std::any::Any;
use std::io;
use std::panic::{self, AssertUnwindSafe};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread;

use rustix::process::{Resource, Rlimit, setrlimit};

use super::frame::{Frame, JobError, Kind, Output, parse_request, write_answer};

/// What a job does: bytes in, an output out, nothing kept.
pub type Job = fn(&[u8]) -> Result<Output, JobError>;

/// Address space beyond the memory limit: allocators and stacks reserve more than they use.
const RESERVED_BYTES: u64 = 1 << 30;

/// Serves `jobs` on standard input and output until the parent closes them. The program must not
/// print anything to standard output, before or meanwhile.
///
/// Ends the process when standard input ends, even while a job is running: a job that never ends
/// does not outlive the parent. A panic in a job is answered as [`JobError::Malformed`].
///
/// # Errors
/// When the limits cannot be set or an answer cannot be written: the caller should exit.
pub fn serve(jobs: &[(&str, Job)]) -> io::Result<()> {
    let (sender, requests) = sync_channel(1);
    thread::Builder::new().name("requests".into()).spawn(move || listen(&sender))?;
    // The parent gets the message of a panic as an answer.
    panic::set_hook(Box::new(|_| {}));
    answer(jobs, &requests)
}

/// Reads frames until there are no more, then ends the process.
fn listen(sender: &SyncSender<Frame>) {
    let mut input = io::stdin().lock();
    while let Ok(Some(frame)) = Frame::read(&mut input) {
        if sender.send(frame).is_err() {
            break;
        }
    }
    std::process::exit(0);
}

fn answer(jobs: &[(&str, Job)], requests: &Receiver<Frame>) -> io::Result<()> {
    let mut output = io::stdout().lock();
    while let Ok(frame) = requests.recv() {
        match frame.kind {
            Kind::Limits => limit(&frame.body)?,
            Kind::Request => write_answer(run(jobs, &frame.body), &mut output)?,
            _ => return Err(io::Error::new(io::ErrorKind::InvalidData, "not a request")),
        }
    }
    Ok(())
}

/// Sets this process's limits: memory as told, no core dumps.
fn limit(body: &[u8]) -> io::Result<()> {
    let bytes: [u8; 8] = body.try_into().map_err(|_| io::ErrorKind::InvalidData)?;
    let memory = u64::from_le_bytes(bytes);
    for (resource, most) in [
        (Resource::Data, memory),
        (Resource::As, memory.saturating_add(RESERVED_BYTES)),
        (Resource::Core, 0),
    ] {
        setrlimit(resource, Rlimit { current: Some(most), maximum: Some(most) })?;
    }
    Ok(())
}

fn run(jobs: &[(&str, Job)], body: &[u8]) -> Result<Output, JobError> {
    let (name, payload) = parse_request(body)
        .ok_or_else(|| JobError::Unsupported("a request that names no job".into()))?;
    let (_, job) = jobs
        .iter()
        .find(|(known, _)| *known == name)
        .ok_or_else(|| JobError::Unsupported(format!("there is no job {name}")))?;
    panic::catch_unwind(AssertUnwindSafe(|| job(payload)))
        .unwrap_or_else(|cause| Err(JobError::Malformed(message(cause.as_ref()))))
}

fn message(cause: &(dyn Any + Send)) -> String {
    let text = cause
        .downcast_ref::<&str>()
        .copied()
        .or_else(|| cause.downcast_ref::<String>().map(String::as_str))
        .unwrap_or("no reason given");
    format!("its parser gave up: {text}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn jobs_are_found_by_name() {
        let jobs: &[(&str, Job)] = &[
            ("echo", |payload| Ok(payload.to_vec().into())),
            ("refuse", |_| Err(JobError::Unsupported("never".into()))),
            ("panic", |_| panic!("index {} of 3", 7)),
        ];
        assert_eq!(run(jobs, b"\x04echohi"), Ok(b"hi".to_vec().into()));
        assert_eq!(run(jobs, b"\x06refuse"), Err(JobError::Unsupported("never".into())));
        assert_eq!(
            run(jobs, b"\x05panic"),
            Err(JobError::Malformed("its parser gave up: index 7 of 3".into()))
        );
        for unknown in [&b"\x04nope"[..], b"", b"\x09x"] {
            assert!(matches!(run(jobs, unknown), Err(JobError::Unsupported(_))));
        }
    }
}
