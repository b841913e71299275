//! Load on a server of a few lines.

use std::io::{BufRead as _, BufReader, Write as _};
use std::net::{TcpListener, TcpStream};

use super::*;

/// A server that answers `/N` with N bytes, `/no` with 404 and `/bye` by hanging up.
fn server() -> Result<SocketAddr> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
    let address = listener.local_addr()?;
    thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            thread::spawn(move || converse(stream));
        }
    });
    Ok(address)
}

fn converse(mut stream: TcpStream) -> Result<()> {
    let mut lines = BufReader::new(stream.try_clone()?).lines();
    while let Some(line) = lines.next() {
        let line = line?;
        let path = line.split(' ').nth(1).unwrap_or_default().to_owned();
        for header in lines.by_ref() {
            if header?.is_empty() {
                break;
            }
        }
        match path.strip_prefix('/').unwrap_or_default() {
            "bye" => return Ok(()),
            "no" => stream.write_all(b"HTTP/1.1 404 No\r\nContent-Length: 2\r\n\r\nno")?,
            length => {
                let head = format!("HTTP/1.1 200 OK\r\nContent-Length: {length}\r\n\r\n");
                stream.write_all(head.as_bytes())?;
                stream.write_all(&vec![0; length.parse()?])?;
            }
        }
    }
    Ok(())
}

fn get(path: &str) -> Request {
    format!("GET {path} HTTP/1.1\r\nHost: a\r\n\r\n").into_bytes().into()
}

#[test]
fn a_pace_is_kept_and_every_answer_counted() {
    let every = Some(Duration::from_millis(50));
    let clients = vec![vec![get("/100000"), get("/0")]; 4];
    let group = Group { every, clients };
    let tallies = server().and_then(|at| run(at, &[group], Duration::from_millis(190), None));
    let tallies = tallies.unwrap_or_default();
    // Each of the four is due four times.
    let Tally { answers, errors, bytes, waits_us } = &tallies[0];
    assert_eq!((*answers, *errors, *bytes), (16, 0, 800_000));
    assert!(waits_us.len() == 16 && waits_us.is_sorted());
}

#[test]
fn refusals_and_broken_connections_are_errors() {
    let group =
        |path| Group { every: Some(Duration::from_secs(60)), clients: vec![vec![get(path)]] };
    let groups = [group("/no"), group("/bye"), group("/7")];
    let tallies = server().and_then(|at| run(at, &groups, Duration::from_millis(50), None));
    let found: Vec<_> = tallies.unwrap_or_default();
    let found: Vec<_> = found.iter().map(|tally| (tally.answers, tally.errors)).collect();
    assert_eq!(found, [(0, 1), (0, 1), (1, 0)]);
}

#[test]
fn without_a_pace_the_next_request_follows_the_answer() {
    let group = Group { every: None, clients: vec![vec![get("/10")]; 2] };
    let tallies = server().and_then(|at| run(at, &[group], Duration::from_secs(1), None));
    let tally = tallies.unwrap_or_default().remove(0);
    assert!(tally.answers > 2 && tally.errors == 0, "{tally:?}");
    assert_eq!(tally.bytes, 10 * tally.answers);
}

#[test]
fn waits_are_read_from_a_sorted_list() {
    let tally = Tally { waits_us: (1..=200).map(|n| n * 1000).collect(), ..Tally::default() };
    assert!((tally.wait_ms(50) - 101.0).abs() < 1e-9 && (tally.wait_ms(99) - 199.0).abs() < 1e-9);
    assert!(Tally::default().wait_ms(50).is_nan());
}
