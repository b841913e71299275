//! The accept loop on a real socket of the loopback, under virtual time: who dawdles is cut, who
//! owes nothing is not.

use std::time::Duration;

use axum::Router;
use axum::routing::get;
use quicksync_server::serve::{ConnectionInfo, ServeLimits, serve};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::oneshot;
use tokio::time::Instant;

const REQUEST: &[u8] = b"GET / HTTP/1.1\r\nhost: a\r\n\r\n";

/// A server with a small page and a large one.
async fn start(
    limits: ServeLimits,
) -> (TcpStream, oneshot::Sender<()>, tokio::task::JoinHandle<()>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let small = async |info: axum::Extension<ConnectionInfo>| {
        assert!(info.peer().ip().is_loopback());
        let socket = info.socket().expect("the connection lasts while its request does");
        assert!(socket.nodelay().unwrap());
        "small"
    };
    let large = async || vec![0_u8; 64 << 20];
    let never = async || std::future::pending::<()>().await;
    let app = Router::new().route("/", get(small)).route("/large", get(large));
    let app = app.route("/never", get(never));
    let (stop, stopped) = oneshot::channel::<()>();
    let serving = tokio::spawn(async move {
        serve(listener, app, limits, async { drop(stopped.await) }).await;
    });
    (TcpStream::connect(address).await.unwrap(), stop, serving)
}

/// Reads until the answer's five bytes of body are there.
async fn read_small(stream: &mut TcpStream) {
    let mut seen = Vec::new();
    while !seen.ends_with(b"small") {
        assert_ne!(stream.read_buf(&mut seen).await.unwrap(), 0, "closed: {seen:?}");
    }
}

/// How long, in virtual time, until the server closes the connection.
async fn time_to_close(stream: &mut TcpStream) -> Duration {
    let begun = Instant::now();
    let mut rest = Vec::new();
    // A reset is as good as an end.
    let _ = stream.read_to_end(&mut rest).await;
    begun.elapsed()
}

fn assert_near(elapsed: Duration, expected: Duration) {
    let slack = Duration::from_secs(1);
    assert!(elapsed + slack >= expected && elapsed <= expected + slack, "{elapsed:?}");
}

#[tokio::test(start_paused = true)]
async fn a_silent_connection_is_cut() {
    let limits = ServeLimits::default();
    let (mut stream, _stop, _) = start(limits).await;
    assert_near(time_to_close(&mut stream).await, limits.head);
}

#[tokio::test(start_paused = true)]
async fn a_dribbled_head_is_cut_however_steadily_it_dribbles() {
    let limits = ServeLimits::default();
    let (mut stream, _stop, _) = start(limits).await;
    let begun = Instant::now();
    for byte in REQUEST.iter().cycle().filter(|byte| **byte != b'\n') {
        if stream.write_all(&[*byte]).await.is_err() {
            break;
        }
        tokio::time::sleep(Duration::from_secs(1)).await;
        assert!(begun.elapsed() < limits.head * 2, "still open");
    }
}

#[tokio::test(start_paused = true)]
async fn an_idle_player_is_left_alone() {
    let limits = ServeLimits::default();
    let (mut stream, _stop, _) = start(limits).await;
    for _ in 0..3 {
        stream.write_all(REQUEST).await.unwrap();
        read_small(&mut stream).await;
        tokio::time::sleep(limits.idle - Duration::from_secs(2)).await;
    }
    stream.write_all(REQUEST).await.unwrap();
    read_small(&mut stream).await;
    assert_near(time_to_close(&mut stream).await, limits.idle);
}

#[tokio::test(start_paused = true)]
async fn a_second_head_may_not_dribble_either() {
    let limits = ServeLimits::default();
    let (mut stream, _stop, _) = start(limits).await;
    stream.write_all(REQUEST).await.unwrap();
    read_small(&mut stream).await;
    stream.write_all(b"GET / HT").await.unwrap();
    assert_near(time_to_close(&mut stream).await, limits.head);
}

#[tokio::test(start_paused = true)]
async fn a_reader_that_takes_nothing_is_cut() {
    let limits = ServeLimits::default();
    let (mut stream, _stop, _) = start(limits).await;
    stream.write_all(b"GET /large HTTP/1.1\r\nhost: a\r\n\r\n").await.unwrap();
    tokio::time::sleep(limits.write * 2).await;
    let mut seen = Vec::new();
    let _ = stream.read_to_end(&mut seen).await;
    assert!(seen.len() < 64 << 20, "the whole body arrived");
}

#[tokio::test(start_paused = true)]
async fn an_answer_that_never_comes_is_given_up() {
    let limits = ServeLimits::default();
    let (mut stream, _stop, _) = start(limits).await;
    stream.write_all(b"GET /never HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n").await.unwrap();
    let mut seen = String::new();
    stream.read_to_string(&mut seen).await.unwrap();
    assert!(seen.starts_with("HTTP/1.1 503 ") && seen.contains("\"code\":\"timeout\""), "{seen}");
}

#[tokio::test(start_paused = true)]
async fn serving_ends_when_the_answers_have() {
    let (mut stream, stop, serving) = start(ServeLimits::default()).await;
    stream.write_all(REQUEST).await.unwrap();
    read_small(&mut stream).await;
    stop.send(()).unwrap();
    let begun = Instant::now();
    serving.await.unwrap();
    assert!(begun.elapsed() < Duration::from_secs(1), "an idle connection held it up");
    assert!(time_to_close(&mut stream).await < Duration::from_secs(1));
}

#[tokio::test(start_paused = true)]
async fn there_are_only_so_many_connections() {
    let limits = ServeLimits { connections: 1, ..ServeLimits::default() };
    let (mut first, _stop, _) = start(limits).await;
    first.write_all(REQUEST).await.unwrap();
    read_small(&mut first).await;
    let mut second = TcpStream::connect(first.peer_addr().unwrap()).await.unwrap();
    second.write_all(REQUEST).await.unwrap();
    let begun = Instant::now();
    read_small(&mut second).await;
    assert_near(begun.elapsed(), limits.idle);
}
