//! `serve`.

use anyhow::Result;

use crate::cli::ServeArgs;
use crate::config::{Config, Surroundings};
use crate::{data_dir, output};

pub(crate) fn run(args: ServeArgs) -> Result<()> {
    let config = Config::load(args.settings, &Surroundings::real())?;
    data_dir::create(&config.data)?;
    let _lock = data_dir::lock(&config.data)?;
    output::say(&format!("{config:?}"));
    Ok(())
}
