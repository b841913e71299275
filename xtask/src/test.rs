//! The one command that checks everything, in the order in which mistakes are cheapest to find.

use anyhow::Result;

use crate::setup::{self, Purpose};
use crate::steps::{cargo, step, timed};
use crate::{tidy, web};

/// Runs every check; the first that fails ends it.
pub(crate) fn run() -> Result<()> {
    timed("set-up", || setup::ensure(Purpose::Test))?;
    step("format", &mut cargo(&["fmt", "--all", "--check"]))?;
    timed("house rules", tidy::run)?;
    web::wasm()?;
    web::check()?;
    step(
        "lints",
        &mut cargo(&[
            "clippy",
            "--locked",
            "--workspace",
            "--all-targets",
            "--",
            "--deny",
            "warnings",
        ]),
    )?;
    step(
        "documentation",
        cargo(&["doc", "--locked", "--workspace", "--no-deps"]).env("RUSTDOCFLAGS", "-D warnings"),
    )?;
    step("tests and doc tests", &mut cargo(&["test", "--locked", "--workspace"]))?;
    web::walk()?;
    web::play()?;
    web::adopt()?;
    println!("every check passed");
    Ok(())
}
