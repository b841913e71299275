//! As much of an HTTP/1.1 answer as a load generator needs: its status and how long its body is.

/// The head of an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Head {
    pub(super) status: u16,
    /// Bytes of the head, the empty line included.
    pub(super) head_bytes: usize,
    /// Bytes that follow it.
    pub(super) body_bytes: u64,
}

/// The head at the start of `bytes`, once it is whole; an error if it is none, or says no length.
pub(super) fn parse(bytes: &[u8]) -> Result<Option<Head>, &'static str> {
    let Some(end) = bytes.windows(4).position(|four| four == b"\r\n\r\n") else {
        return if bytes.len() > MAX_HEAD { Err("the head is too long") } else { Ok(None) };
    };
    let head = &bytes[..end];
    let mut lines = head.split(|byte| *byte == b'\n').map(<[u8]>::trim_ascii_end);
    let status = lines.next().and_then(status).ok_or("no status line")?;
    let length = match status {
        204 | 304 => Some(0),
        _ => lines.find_map(length),
    };
    let body_bytes = length.ok_or("no Content-Length")?;
    Ok(Some(Head { status, head_bytes: end + 4, body_bytes }))
}

/// The longest head.
const MAX_HEAD: usize = 16 * 1024;

fn status(line: &[u8]) -> Option<u16> {
    let code = line.strip_prefix(b"HTTP/1.1 ")?.get(..3)?;
    str::from_utf8(code).ok()?.parse().ok()
}

fn length(line: &[u8]) -> Option<u64> {
    let (name, value) = line.split_at_checked(b"content-length:".len())?;
    let value = name.eq_ignore_ascii_case(b"content-length:").then_some(value)?;
    str::from_utf8(value).ok()?.trim().parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn heads_are_read() {
        let found = parse(b"HTTP/1.1 200 OK\r\nA: b\r\nCONTENT-length: 12\r\n\r\nbody");
        assert_eq!(found, Ok(Some(Head { status: 200, head_bytes: 45, body_bytes: 12 })));
        let found = parse(b"HTTP/1.1 204 No Content\r\n\r\n");
        assert_eq!(found.map(|head| head.map(|head| head.body_bytes)), Ok(Some(0)));
        assert_eq!(parse(b"HTTP/1.1 200 OK\r\nContent-Le"), Ok(None));
    }

    #[test]
    fn what_has_no_known_end_is_an_error() {
        assert!(parse(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n").is_err());
        assert!(parse(b"SMTP\r\n\r\n").is_err());
        assert!(parse(&[b'a'; MAX_HEAD + 1]).is_err());
    }
}
