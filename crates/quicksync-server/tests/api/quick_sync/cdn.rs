//! A probe target on loopback that answers when it is let, and counts who came.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use quicksync_sense::ProbeConfig;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;
use tokio::sync::watch;

/// What the target serves: enough to be measured with.
const BODY_BYTES: usize = 200_000;

#[derive(Debug)]
pub(super) struct Cdn {
    address: SocketAddr,
    connections: Arc<AtomicUsize>,
    open: watch::Sender<bool>,
}

impl Cdn {
    /// A target that serves at once.
    pub(super) async fn open(status: u16) -> Self {
        Self::start(status, true).await
    }

    /// A target that holds its answers back until it is let.
    pub(super) async fn blocked() -> Self {
        Self::start(200, false).await
    }

    async fn start(status: u16, is_open: bool) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let connections = Arc::new(AtomicUsize::new(0));
        let (open, is_open) = watch::channel(is_open);
        let seen = Arc::clone(&connections);
        tokio::spawn(async move {
            while let Ok((mut stream, _)) = listener.accept().await {
                seen.fetch_add(1, Ordering::SeqCst);
                let mut is_open = is_open.clone();
                tokio::spawn(async move {
                    let mut request = [0; 4096];
                    let _ = stream.read(&mut request).await?;
                    let _ = is_open.wait_for(|open| *open).await;
                    let head =
                        format!("HTTP/1.1 {status} X\r\ncontent-length: {BODY_BYTES}\r\n\r\n");
                    stream.write_all(head.as_bytes()).await?;
                    stream.write_all(&[b'x'; BODY_BYTES]).await
                });
            }
        });
        Self { address, connections, open }
    }

    pub(super) fn config(&self) -> ProbeConfig {
        ProbeConfig {
            enabled: true,
            targets: vec![format!("http://{}/file", self.address).parse().unwrap()],
            timeout: Duration::from_secs(30),
        }
    }

    pub(super) fn unblock(&self) {
        self.open.send_replace(true);
    }

    pub(super) fn connections(&self) -> usize {
        self.connections.load(Ordering::SeqCst)
    }
}
