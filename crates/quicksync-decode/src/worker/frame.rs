//! What travels between parent and child: length-prefixed frames, bounded in size.
//!
//! Knows: the layout of a frame, and how an error crosses as one. Never: a process, a deadline.
//!
//! # Layout
//! `u32` length of the rest, little-endian; one byte of kind; the body. To the child: the limits,
//! once, then requests (`u8` length of the job's name, the name, the payload). Back: one answer to
//! each request, a result or an error with its text.

use std::io::{self, Read, Write};

use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _};

use crate::source::DecodeError;

/// The longest frame either side sends or accepts: the samples of the longest range that one decode
/// request may ask for, and some.
pub const MAX_FRAME_BYTES: u32 = 65 * 1024 * 1024;

/// Room that is made for a frame before it has come: a segment's samples fit, and a child that lies
/// about a length gains nothing.
const AT_ONCE_BYTES: u64 = 2 * 1024 * 1024;

/// Why a job did not give a result, by what the caller can do about it. The kinds are those of
/// [`DecodeError`] that a job can know itself.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum JobError {
    /// The file is gone, or the system refuses to read it: try again later.
    #[error("cannot read the file: {0}")]
    Unreadable(String),
    /// Not of a kind that this job reads: leave it alone.
    #[error("not supported: {0}")]
    Unsupported(String),
    /// The bytes are damaged: report it, do not retry until the file changes.
    #[error("damaged: {0}")]
    Malformed(String),
    /// It would take more memory or time than one file may.
    #[error("it needs too much: {0}")]
    Exhausted(String),
}

impl From<DecodeError> for JobError {
    fn from(error: DecodeError) -> Self {
        match error {
            DecodeError::Unreadable(text) => Self::Unreadable(text),
            DecodeError::Unsupported(text) => Self::Unsupported(text),
            DecodeError::Malformed(text) => Self::Malformed(text),
            DecodeError::Exhausted(text) | DecodeError::Died(text) => Self::Exhausted(text),
        }
    }
}

impl From<JobError> for DecodeError {
    fn from(error: JobError) -> Self {
        match error {
            JobError::Unreadable(text) => Self::Unreadable(text),
            JobError::Unsupported(text) => Self::Unsupported(text),
            JobError::Malformed(text) => Self::Malformed(text),
            JobError::Exhausted(text) => Self::Exhausted(text),
        }
    }
}

/// What a frame is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub(super) enum Kind {
    Limits = 1,
    Request,
    Done,
    Unreadable,
    Unsupported,
    Malformed,
    Exhausted,
}

impl Kind {
    const ALL: [Self; 7] = [
        Self::Limits,
        Self::Request,
        Self::Done,
        Self::Unreadable,
        Self::Unsupported,
        Self::Malformed,
        Self::Exhausted,
    ];

    fn from_byte(byte: u8) -> io::Result<Self> {
        let kind = Self::ALL.into_iter().find(|kind| *kind as u8 == byte);
        kind.ok_or_else(|| invalid("a frame of an unknown kind"))
    }
}

/// One frame. The body comes in parts, so that a payload need not be copied to be sent.
#[derive(Debug)]
pub(super) struct Frame {
    pub(super) kind: Kind,
    pub(super) body: Vec<u8>,
}

impl Frame {
    /// The answer of a job.
    pub(super) fn answer(result: Result<Vec<u8>, JobError>) -> Self {
        let (kind, body) = match result {
            Ok(body) if fits(body.len()) => (Kind::Done, body),
            Ok(body) => (Kind::Exhausted, format!("an answer of {} bytes", body.len()).into()),
            Err(JobError::Unreadable(text)) => (Kind::Unreadable, text.into()),
            Err(JobError::Unsupported(text)) => (Kind::Unsupported, text.into()),
            Err(JobError::Malformed(text)) => (Kind::Malformed, text.into()),
            Err(JobError::Exhausted(text)) => (Kind::Exhausted, text.into()),
        };
        Self { kind, body }
    }

    /// What the child answered.
    pub(super) fn into_result(self) -> io::Result<Result<Vec<u8>, JobError>> {
        let text = |body: Vec<u8>| String::from_utf8_lossy(&body).into_owned();
        Ok(match self.kind {
            Kind::Done => Ok(self.body),
            Kind::Unreadable => Err(JobError::Unreadable(text(self.body))),
            Kind::Unsupported => Err(JobError::Unsupported(text(self.body))),
            Kind::Malformed => Err(JobError::Malformed(text(self.body))),
            Kind::Exhausted => Err(JobError::Exhausted(text(self.body))),
            Kind::Limits | Kind::Request => return Err(invalid("not an answer")),
        })
    }

    /// Reads one frame, or `None` at the end of the stream.
    pub(super) fn read(source: &mut impl Read) -> io::Result<Option<Self>> {
        let mut header = [0; 5];
        match source.read_exact(&mut header) {
            Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => return Ok(None),
            other => other?,
        }
        let (length, kind) = parse_header(header)?;
        let mut body = Vec::new();
        // Grows with what arrives: a length alone makes nobody allocate.
        if source.take(length).read_to_end(&mut body)? as u64 != length {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        Ok(Some(Self { kind, body }))
    }

    /// Writes the frame and flushes it.
    pub(super) fn write(&self, sink: &mut impl Write) -> io::Result<()> {
        sink.write_all(&header(self.kind, self.body.len())?)?;
        sink.write_all(&self.body)?;
        sink.flush()
    }

    /// Reads one frame from a child.
    pub(super) async fn receive(source: &mut (impl AsyncRead + Unpin)) -> io::Result<Self> {
        let mut header = [0; 5];
        source.read_exact(&mut header).await?;
        let (length, kind) = parse_header(header)?;
        let at_once = usize::try_from(length.min(AT_ONCE_BYTES)).unwrap_or_default();
        let mut body = Vec::with_capacity(at_once);
        if source.take(length).read_to_end(&mut body).await? as u64 != length {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        Ok(Self { kind, body })
    }
}

/// Sends a frame whose body is `parts` in order.
pub(super) async fn send(
    sink: &mut (impl AsyncWrite + Unpin),
    kind: Kind,
    parts: &[&[u8]],
) -> io::Result<()> {
    sink.write_all(&header(kind, parts.iter().map(|part| part.len()).sum())?).await?;
    for part in parts {
        sink.write_all(part).await?;
    }
    sink.flush().await
}

/// Splits the body of a request into the job's name and its payload.
pub(super) fn parse_request(body: &[u8]) -> Option<(&str, &[u8])> {
    let (length, rest) = body.split_first()?;
    let (name, payload) = rest.split_at_checked(usize::from(*length))?;
    Some((std::str::from_utf8(name).ok()?, payload))
}

fn header(kind: Kind, body: usize) -> io::Result<[u8; 5]> {
    let length = u32::try_from(body).ok().filter(|_| fits(body));
    let [a, b, c, d] = length.ok_or_else(|| invalid("too long for a frame"))?.to_le_bytes();
    Ok([a, b, c, d, kind as u8])
}

fn parse_header(header: [u8; 5]) -> io::Result<(u64, Kind)> {
    let [a, b, c, d, kind] = header;
    let length = u32::from_le_bytes([a, b, c, d]);
    if length > MAX_FRAME_BYTES {
        return Err(invalid("a frame that is too long"));
    }
    Ok((length.into(), Kind::from_byte(kind)?))
}

const fn fits(length: usize) -> bool {
    length <= MAX_FRAME_BYTES as usize
}

fn invalid(what: &str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, what.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_cross_unchanged() {
        for result in [
            Ok(vec![]),
            Ok(vec![1, 2, 3]),
            Err(JobError::Unreadable("a".into())),
            Err(JobError::Unsupported("b".into())),
            Err(JobError::Malformed("é".into())),
            Err(JobError::Exhausted(String::new())),
        ] {
            let mut pipe = Vec::new();
            Frame::answer(result.clone()).write(&mut pipe).unwrap();
            let frame = Frame::read(&mut pipe.as_slice()).unwrap().unwrap();
            assert_eq!(frame.into_result().unwrap(), result);
        }
    }

    #[test]
    fn an_answer_too_long_becomes_an_error() {
        let long = vec![0; MAX_FRAME_BYTES as usize + 1];
        assert_eq!(Frame::answer(Ok(long)).kind, Kind::Exhausted);
    }

    #[test]
    fn broken_frames_are_refused() {
        for (bytes, why) in [
            (&[255, 255, 255, 255, 3][..], "too long"),
            (&[1, 0, 0, 0, 99, 0], "unknown kind"),
            (&[9, 0, 0, 0, 3, 0], "cut short"),
        ] {
            assert!(Frame::read(&mut &*bytes).is_err(), "{why}");
        }
        assert!(Frame::read(&mut &[][..]).unwrap().is_none());
        assert!(Frame { kind: Kind::Request, body: vec![] }.into_result().is_err());
    }

    #[test]
    fn requests_name_their_job() {
        assert_eq!(parse_request(b"\x03tag/x"), Some(("tag", &b"/x"[..])));
        assert_eq!(parse_request(b"\x03ta"), None);
        assert_eq!(parse_request(b""), None);
        assert_eq!(parse_request(b"\x01\xff"), None);
    }
}
