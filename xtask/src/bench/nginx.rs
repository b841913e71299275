//! The peer that serves files: nginx with `sendfile`, one worker on one processor.

use std::fs;
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Stdio};
use std::thread::sleep;
use std::time::Duration;

use anyhow::{Context as _, Result, bail};

use super::house::{Share, command_in};
use super::process::{Usage, usage};

/// A running nginx.
#[derive(Debug)]
pub(crate) struct Nginx {
    child: Child,
    address: SocketAddr,
}

impl Nginx {
    /// Serves what is in the folder `files` of `place`.
    pub(crate) fn open(place: &Path, share: Share) -> Result<Self> {
        let address = free_address()?;
        let configuration = place.join("nginx.conf");
        fs::write(&configuration, configure(place, address, share.threads.unwrap_or(1)))?;
        let program = program().context("nginx is missing: apt-get install nginx-light")?;
        let mut nginx = command_in(share, &program);
        nginx.arg("-e").arg(place.join("nginx.log")).arg("-c").arg(configuration);
        let child = nginx.stdout(Stdio::null()).spawn().context("cannot start nginx")?;
        let mut nginx = Self { child, address };
        for _ in 0..200 {
            if TcpStream::connect(address).is_ok() {
                return Ok(nginx);
            }
            if let Some(status) = nginx.child.try_wait()? {
                bail!("nginx ended with {status}");
            }
            sleep(Duration::from_millis(25));
        }
        bail!("nginx does not answer")
    }

    pub(crate) const fn address(&self) -> SocketAddr {
        self.address
    }

    /// What it and its workers have used so far.
    pub(crate) fn usage(&self) -> Result<Usage> {
        usage(self.child.id())
    }
}

impl Drop for Nginx {
    fn drop(&mut self) {
        // Asked to end, the master ends its workers; killed, it would leave them.
        if let Some(id) =
            i32::try_from(self.child.id()).ok().and_then(rustix::process::Pid::from_raw)
        {
            rustix::process::kill_process(id, rustix::process::Signal::TERM).ok();
        }
        self.child.wait().ok();
    }
}

fn program() -> Option<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let folders =
        std::env::split_paths(&path).chain(["/usr/sbin".into(), "/usr/local/sbin".into()]);
    folders.map(|folder| folder.join("nginx")).find(|program| program.is_file())
}

fn free_address() -> Result<SocketAddr> {
    Ok(TcpListener::bind(("127.0.0.1", 0))?.local_addr()?)
}

/// As it is set up to serve files fast; its paths are all in `place`.
fn configure(place: &Path, address: SocketAddr, workers: usize) -> String {
    let at = place.display();
    let folders = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"]
        .map(|kind| format!("{kind}_temp_path {at}/nginx-{kind};"))
        .join(" ");
    format!(
        "daemon off; user root; worker_processes {workers}; pid {at}/nginx.pid; \
         worker_rlimit_nofile 8192; events {{ worker_connections 4096; }} \
         http {{ {folders} access_log off; sendfile on; tcp_nopush on; tcp_nodelay on; \
         keepalive_requests 1000000000; keepalive_timeout 300s; types {{ audio/mp4 m4s; }} \
         server {{ listen {address} backlog=2048; root {at}/files; }} }}"
    )
}
