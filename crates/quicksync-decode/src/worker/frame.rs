//! What travels between parent and child: length-prefixed frames, bounded in size.
//!
//! Knows: the layout of a frame, and how an error crosses as one. Never: a process, a deadline.
//!
//! # Layout
//! `u32` length of the rest, little-endian; one byte of kind; the body. To the child: the limits,
//! once, then requests (`u8` length of the job's name, the name, the payload). Back: one answer to
//! each request, a result or an error with its text.

use std::io::{self, Read, Write};

use bytemuck::Pod;
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _};

use crate::source::DecodeError;

/// The longest frame either side sends or accepts: the samples of the longest range that one decode
/// request may ask for, and some.
pub const MAX_FRAME_BYTES: u32 = 65 * 1024 * 1024;

/// Room that is made for a frame before it has come: a segment's samples fit, and a child that lies
/// about a length gains nothing.
const AT_ONCE_BYTES: usize = 2 * 1024 * 1024;

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

/// What a job gives. Samples cross as they lie in memory: parent and child are one program on one
/// machine.
#[derive(Clone, Debug, PartialEq)]
pub enum Output {
    /// Bytes.
    Bytes(Vec<u8>),
    /// Samples.
    Samples(Vec<f32>),
}

impl Output {
    fn as_bytes(&self) -> &[u8] {
        match self {
            Self::Bytes(bytes) => bytes,
            Self::Samples(samples) => bytemuck::cast_slice(samples),
        }
    }
}

impl From<Vec<u8>> for Output {
    fn from(bytes: Vec<u8>) -> Self {
        Self::Bytes(bytes)
    }
}

impl From<String> for Output {
    fn from(text: String) -> Self {
        Self::Bytes(text.into_bytes())
    }
}

/// One frame on its way to the child.
#[derive(Debug)]
pub(super) struct Frame {
    pub(super) kind: Kind,
    pub(super) body: Vec<u8>,
}

impl Frame {
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
        if source.take(length as u64).read_to_end(&mut body)? != length {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        Ok(Some(Self { kind, body }))
    }
}

/// Writes the answer of a job and flushes it.
pub(super) fn write_answer(
    result: Result<Output, JobError>,
    sink: &mut impl Write,
) -> io::Result<()> {
    let (kind, body) = match result {
        Ok(output) => match output.as_bytes().len() {
            length if fits(length) => (Kind::Done, output),
            length => (Kind::Exhausted, format!("an answer of {length} bytes").into()),
        },
        Err(JobError::Unreadable(text)) => (Kind::Unreadable, text.into()),
        Err(JobError::Unsupported(text)) => (Kind::Unsupported, text.into()),
        Err(JobError::Malformed(text)) => (Kind::Malformed, text.into()),
        Err(JobError::Exhausted(text)) => (Kind::Exhausted, text.into()),
    };
    let body = body.as_bytes();
    sink.write_all(&header(kind, body.len())?)?;
    sink.write_all(body)?;
    sink.flush()
}

/// Reads what a child answered, a result as it is to lie in memory.
pub(super) async fn read_answer<T: Pod>(
    source: &mut (impl AsyncRead + Unpin),
) -> io::Result<Result<Vec<T>, JobError>> {
    let mut header = [0; 5];
    source.read_exact(&mut header).await?;
    let (length, kind) = parse_header(header)?;
    let error = match kind {
        Kind::Done => return read_body(source, length).await.map(Ok),
        Kind::Unreadable => JobError::Unreadable,
        Kind::Unsupported => JobError::Unsupported,
        Kind::Malformed => JobError::Malformed,
        Kind::Exhausted => JobError::Exhausted,
        Kind::Limits | Kind::Request => return Err(invalid("not an answer")),
    };
    let text = read_body(source, length).await?;
    Ok(Err(error(String::from_utf8_lossy(&text).into_owned())))
}

async fn read_body<T: Pod>(
    source: &mut (impl AsyncRead + Unpin),
    length: usize,
) -> io::Result<Vec<T>> {
    if !length.is_multiple_of(size_of::<T>()) {
        return Err(invalid("an answer that ends within an item"));
    }
    let count = length / size_of::<T>();
    let mut body = Vec::new();
    while body.len() < count {
        let read = body.len();
        body.resize(count.min(read + AT_ONCE_BYTES / size_of::<T>()), T::zeroed());
        source.read_exact(bytemuck::cast_slice_mut(&mut body[read..])).await?;
    }
    Ok(body)
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

fn parse_header(header: [u8; 5]) -> io::Result<(usize, Kind)> {
    let [a, b, c, d, kind] = header;
    let length = u32::from_le_bytes([a, b, c, d]);
    if length > MAX_FRAME_BYTES {
        return Err(invalid("a frame that is too long"));
    }
    Ok((length as usize, Kind::from_byte(kind)?))
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

    fn sent(result: Result<Output, JobError>) -> Vec<u8> {
        let mut pipe = Vec::new();
        write_answer(result, &mut pipe).unwrap();
        pipe
    }

    #[tokio::test]
    async fn answers_cross_unchanged() {
        for result in [
            Ok(vec![]),
            Ok(vec![1, 2, 3]),
            Err(JobError::Unreadable("a".into())),
            Err(JobError::Unsupported("b".into())),
            Err(JobError::Malformed("é".into())),
            Err(JobError::Exhausted(String::new())),
        ] {
            let pipe = sent(result.clone().map(Output::Bytes));
            assert_eq!(read_answer(&mut &pipe[..]).await.unwrap(), result);
        }
        for count in [0, 1, 7, AT_ONCE_BYTES / 2 + 1] {
            let samples: Vec<f32> = (0..=u16::MAX).cycle().map(f32::from).take(count).collect();
            let pipe = sent(Ok(Output::Samples(samples.clone())));
            assert!(read_answer::<f32>(&mut &pipe[..]).await.unwrap() == Ok(samples), "{count}");
        }
    }

    #[tokio::test]
    async fn an_answer_too_long_becomes_an_error() {
        let pipe = sent(Ok(vec![0; MAX_FRAME_BYTES as usize + 1].into()));
        let answer = read_answer::<u8>(&mut &pipe[..]).await.unwrap();
        assert!(matches!(answer, Err(JobError::Exhausted(_))), "{answer:?}");
    }

    #[tokio::test]
    async fn answers_that_make_no_sense_are_refused() {
        for (bytes, why) in [
            (&[2, 0, 0, 0, Kind::Done as u8, 1, 2][..], "half an item"),
            (&[4, 0, 0, 0, Kind::Done as u8, 1, 2], "cut short"),
            (&[255, 255, 255, 3, Kind::Done as u8], "nothing of what it promised"),
            (&[0, 0, 0, 0, Kind::Request as u8], "no answer"),
        ] {
            assert!(read_answer::<f32>(&mut &*bytes).await.is_err(), "{why}");
        }
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
    }

    #[test]
    fn requests_name_their_job() {
        assert_eq!(parse_request(b"\x03tag/x"), Some(("tag", &b"/x"[..])));
        assert_eq!(parse_request(b"\x03ta"), None);
        assert_eq!(parse_request(b""), None);
        assert_eq!(parse_request(b"\x01\xff"), None);
    }
}
