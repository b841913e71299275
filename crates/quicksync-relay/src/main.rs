//! A TCP relay that carries what a network trace would.
//!
//! Stands in front of a server; every connection through it shares one link whose capacity and
//! latency follow the trace from the first connection on. What the listener sends is only delayed.
//! Knows: bytes. Never: what they mean.

mod link;

use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context;
use clap::Parser;
use link::Link;
use quicksync_sim::NetworkTrace;
use tokio::net::{TcpListener, TcpSocket, TcpStream};
use tokio::time::interval;

/// The relay's socket towards the server takes little in, so that what the link has not carried
/// waits in the server, as behind a real bottleneck.
const RECEIVE_BUFFER_BYTES: u32 = 16 * 1024;

/// Relays TCP connections through a simulated network.
#[derive(Debug, Parser)]
#[command(version)]
struct Options {
    /// Where to listen; port 0 picks one, which the first line of output names.
    #[arg(long, default_value = "127.0.0.1:0")]
    listen: SocketAddr,
    /// The server to relay to.
    #[arg(long)]
    to: SocketAddr,
    /// A trace: lines of `duration_ms,bandwidth_kbps,latency_ms`.
    #[arg(long, required_unless_present = "plan", conflicts_with = "plan")]
    trace: Option<PathBuf>,
    /// A plan instead: kbps and seconds, like `3000:20,100:90,0:8,3000:60`.
    #[arg(long)]
    plan: Option<String>,
    /// Latency of a plan, milliseconds there and back.
    #[arg(long, default_value_t = 40)]
    latency_ms: u32,
}

impl Options {
    fn trace(&self) -> anyhow::Result<NetworkTrace> {
        if let Some(path) = &self.trace {
            let name = path.display();
            let text = std::fs::read_to_string(path).with_context(|| format!("reading {name}"))?;
            return NetworkTrace::from_csv(&text).with_context(|| format!("in {name}"));
        }
        let plan = self.plan.as_deref().unwrap_or_default();
        NetworkTrace::from_plan(plan, self.latency_ms).with_context(|| format!("in plan {plan:?}"))
    }
}

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let options = Options::parse();
    let link = Arc::new(Link::new(options.trace()?));
    let listener = TcpListener::bind(options.listen)
        .await
        .with_context(|| format!("listening on {}", options.listen))?;
    announce(listener.local_addr()?);
    tokio::spawn(count(Arc::clone(&link)));
    loop {
        let (listener, _) = listener.accept().await?;
        // The server being away is an ordinary condition of a network: the listener sees a reset.
        tokio::spawn(relay(listener, options.to, Arc::clone(&link)));
    }
}

#[expect(clippy::print_stdout, reason = "the address is this program's output")]
fn announce(address: SocketAddr) {
    println!("relaying on {address}");
}

/// Says once a second how much has come through, while that grows.
#[expect(clippy::print_stdout, reason = "the count is this program's output")]
async fn count(link: Arc<Link>) {
    let mut said = 0;
    let mut seconds = interval(Duration::from_secs(1));
    loop {
        seconds.tick().await;
        let carried = link.carried_bytes();
        if carried > said {
            println!("carried {carried} bytes");
            said = carried;
        }
    }
}

async fn relay(listener: TcpStream, to: SocketAddr, link: Arc<Link>) -> std::io::Result<()> {
    let socket = if to.is_ipv4() { TcpSocket::new_v4()? } else { TcpSocket::new_v6()? };
    socket.set_recv_buffer_size(RECEIVE_BUFFER_BYTES)?;
    let server = socket.connect(to).await?;
    listener.set_nodelay(true)?;
    server.set_nodelay(true)?;
    link.start();
    let (from_listener, to_listener) = listener.into_split();
    let (from_server, to_server) = server.into_split();
    tokio::try_join!(
        link::delay(Arc::clone(&link), from_listener, to_server),
        link::carry(link, from_server, to_listener),
    )?;
    Ok(())
}
