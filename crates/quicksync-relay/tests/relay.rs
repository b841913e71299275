//! The program itself, between a server and a listener on loopback.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::process::{Child, Command, Stdio};
use std::thread;

/// A relay that ends with its test.
struct Relay(Child);

impl Drop for Relay {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn relay(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_quicksync-relay"));
    command.args(arguments).stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

#[test]
fn bytes_arrive_as_they_were_sent() {
    let server = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = server.local_addr().unwrap().to_string();
    let body: Vec<u8> = (0..100_000_u32).map(|n| n.to_le_bytes()[1]).collect();
    let sent = body.clone();
    let answering = thread::spawn(move || {
        let (mut stream, _) = server.accept().unwrap();
        let mut request = [0; 4];
        stream.read_exact(&mut request).unwrap();
        stream.write_all(&sent).unwrap();
        request
    });
    let mut running = Relay(relay(&["--to", &address, "--plan", "50000:60"]).spawn().unwrap());
    let mut line = String::new();
    BufReader::new(running.0.stdout.take().unwrap()).read_line(&mut line).unwrap();
    let listening = line.trim().strip_prefix("relaying on ").unwrap();
    let mut listener = TcpStream::connect(listening).unwrap();
    listener.write_all(b"more").unwrap();
    let mut received = Vec::new();
    listener.read_to_end(&mut received).unwrap();
    assert!(received == body, "{} of {} bytes", received.len(), body.len());
    assert_eq!(&answering.join().unwrap(), b"more");
}

#[test]
fn a_bad_plan_is_named() {
    let ended = relay(&["--to", "127.0.0.1:1", "--plan", "fast:20"]).output().unwrap();
    let error = String::from_utf8_lossy(&ended.stderr).into_owned();
    assert!(!ended.status.success());
    assert!(error.contains("fast:20") && error.contains("row 1"), "{error}");
}
