//! `scan`.

use anyhow::{Result, bail};

use crate::cli::ScanArgs;

pub(crate) async fn run(args: ScanArgs) -> Result<()> {
    bail!("not wired yet: {args:?}")
}
