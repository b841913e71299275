//! A probe target on loopback that behaves as badly as it is told, and counts who came.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use url::Url;

#[derive(Clone, Copy, Debug)]
pub(crate) enum Behaviour {
    Serve { bytes: usize },
    Status(u16),
    Hang,
    HangAfterHeaders,
    Trickle { bytes: usize },
    Lie { claimed: usize, sent: usize },
    Redirect(SocketAddr),
    RedirectTo(&'static str),
}

#[derive(Debug)]
pub(crate) struct Target {
    address: SocketAddr,
    connections: Arc<AtomicUsize>,
}

impl Target {
    pub(crate) async fn start(behaviour: Behaviour) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("loopback");
        let address = listener.local_addr().expect("bound");
        let connections = Arc::new(AtomicUsize::new(0));
        let seen = connections.clone();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                seen.fetch_add(1, Ordering::SeqCst);
                tokio::spawn(answer(stream, behaviour));
            }
        });
        Self { address, connections }
    }

    pub(crate) fn address(&self) -> SocketAddr {
        self.address
    }

    pub(crate) fn url(&self) -> Url {
        format!("http://{}/file", self.address).parse().expect("a URL")
    }

    pub(crate) fn connections(&self) -> usize {
        self.connections.load(Ordering::SeqCst)
    }
}

/// Errors are the peer hanging up, which these targets provoke.
async fn answer(mut stream: TcpStream, behaviour: Behaviour) -> std::io::Result<()> {
    let mut request = [0; 4096];
    let _ = stream.read(&mut request).await?;
    let head = |length: usize| format!("HTTP/1.1 200 OK\r\ncontent-length: {length}\r\n\r\n");
    match behaviour {
        Behaviour::Serve { bytes } => {
            stream.write_all(head(bytes).as_bytes()).await?;
            stream.write_all(&vec![b'x'; bytes]).await
        }
        Behaviour::Status(code) => {
            let body = vec![b'x'; 100_000];
            let head = format!("HTTP/1.1 {code} Sorry\r\ncontent-length: {}\r\n\r\n", body.len());
            stream.write_all(head.as_bytes()).await?;
            stream.write_all(&body).await
        }
        Behaviour::Hang => std::future::pending().await,
        Behaviour::HangAfterHeaders => {
            stream.write_all(head(1_000_000).as_bytes()).await?;
            std::future::pending().await
        }
        Behaviour::Trickle { bytes } => {
            stream.write_all(head(1_000_000).as_bytes()).await?;
            stream.write_all(&vec![b'x'; bytes]).await?;
            tokio::time::sleep(Duration::from_secs(3600)).await;
            Ok(())
        }
        Behaviour::Lie { claimed, sent } => {
            stream.write_all(head(claimed).as_bytes()).await?;
            stream.write_all(&vec![b'x'; sent]).await?;
            stream.shutdown().await
        }
        Behaviour::RedirectTo(location) => {
            let head =
                format!("HTTP/1.1 302 Found\r\nlocation: {location}\r\ncontent-length: 0\r\n\r\n");
            stream.write_all(head.as_bytes()).await
        }
        Behaviour::Redirect(to) => {
            let head = format!(
                "HTTP/1.1 302 Found\r\nlocation: http://{to}/file\r\ncontent-length: 0\r\n\r\n"
            );
            stream.write_all(head.as_bytes()).await
        }
    }
}
