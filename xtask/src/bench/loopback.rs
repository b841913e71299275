//! A loopback network of its own, so that every server on it uses the same congestion control.
//!
//! The kernel's default may be bbr, under which nginx is half as fast on loopback as under cubic,
//! and our server is not: figures under it would flatter us.

use std::fs;
use std::process::Command;

use anyhow::{Context as _, Result, bail};
use serde_json::Value;

use super::house::Place;
use crate::setup::is_root;
use crate::steps::run;

/// Set for the process that runs inside.
const INSIDE: &str = "QUICKSYNC_BENCH_LOOPBACK";
/// Linux's own default, and that of most distributions.
const CONTROL: &str = "cubic";

/// Whether this process is inside already.
pub(crate) fn is_inside() -> bool {
    std::env::var_os(INSIDE).is_some()
}

/// The congestion control of the loopback network that this process is in.
pub(crate) fn congestion_control() -> String {
    if is_inside() {
        return CONTROL.to_owned();
    }
    let path = "/proc/sys/net/ipv4/tcp_congestion_control";
    fs::read_to_string(path).map_or_else(|_| "unknown".to_owned(), |text| text.trim().to_owned())
}

/// Measures `room` in a network namespace of its own, with this very program; what it measured.
/// `None` where the system does not allow that.
pub(crate) fn measure_inside(room: &str) -> Result<Option<Value>> {
    let place = Place::new()?;
    let json = place.path().join("figures.json");
    let route = |prefix: &str| {
        format!(
            "ip route replace local {prefix} dev lo proto kernel scope host src 127.0.0.1 \
             table local congctl {CONTROL}"
        )
    };
    let ready = ["ip link set lo up".to_owned(), route("127.0.0.0/8"), route("127.0.0.1")];
    let ready = ready.join(" && ");
    let allowed = unshare(&format!("{ready} 2>&1")).output().is_ok_and(|out| out.status.success());
    if !allowed {
        return Ok(None);
    }
    let program = std::env::current_exe()?;
    let mut inside = unshare(&format!("{ready} && exec \"$0\" bench {room} --json \"$1\""));
    run(inside.arg(program).arg(&json).env(INSIDE, "1"))?;
    let mut figures: Value = serde_json::from_str(&fs::read_to_string(&json)?)?;
    let found = figures["rooms"][room].take();
    if found.is_null() {
        bail!("the measurement of {room} left no figures");
    }
    Ok(Some(found))
}

fn unshare(script: &str) -> Command {
    let mut command = Command::new("unshare");
    if !is_root() {
        command.arg("--map-root-user");
    }
    command.args(["--net", "--", "sh", "-c", script]);
    command
}

/// The processors that a server and its load get, if there are enough: one each.
pub(crate) fn processors() -> Result<(Option<usize>, Option<usize>)> {
    let count = std::thread::available_parallelism().context("cannot count the processors")?;
    Ok(if count.get() < 2 { (None, None) } else { (Some(0), Some(1)) })
}
