//! Project chores: `cargo xtask run`, `test`, `demo`, `tidy` and more; `--help` lists them.
//!
//! Decides which programs run in which order. Never: what the product does; nothing here is part of
//! it.
#![expect(clippy::print_stdout, clippy::print_stderr, reason = "this program talks to a person")]

mod bench;
mod demo;
mod fuzz;
mod golden;
mod load;
mod matrix;
mod run;
mod setup;
mod steps;
mod test;
mod tidy;
mod web;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// Chores of the Quick Sync checkout.
#[derive(Debug, Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask")]
struct Cli {
    #[command(subcommand)]
    chore: Chore,
}

#[derive(Debug, Subcommand)]
enum Chore {
    /// Install what is missing, build for release, and serve MUSIC_DIR on 127.0.0.1:4040.
    Run {
        /// Folder of music; without it a small demo library is made and served.
        music: Option<PathBuf>,
        /// Further arguments of `quicksync serve`, after `--`.
        #[arg(last = true)]
        extra: Vec<String>,
    },
    /// Install what is missing and check everything: formats, lints, tests, docs, house rules.
    Test,
    /// Write the demo library: synthesised pieces, the same bytes every time.
    Demo {
        /// Where to write it.
        dir: Option<PathBuf>,
    },
    /// Check the house rules that no compiler checks.
    Tidy,
    /// Check the decoding, segments and switches of every format at its rates, depths and layouts.
    Matrix(matrix::Order),
    /// Play our manifests with hls.js, Shaka and dash.js, as they are and with our decisions inside,
    /// listen to the sound and to their CMCD; fetches those players first.
    Players,
    /// Measure: every figure beside its limit or a peer, from the same run.
    Bench {
        /// What; all by default.
        rooms: Vec<bench::Room>,
        /// Also write the figures here, as JSON.
        #[arg(long, value_name = "FILE")]
        json: Option<PathBuf>,
        /// Network traces for `abr` and `browser`, one folder per family.
        #[arg(long, value_name = "DIR")]
        traces: Option<PathBuf>,
    },
    /// Tell the decision core random inputs and watch that it keeps its promises.
    Fuzz {
        /// How many.
        #[arg(long, default_value_t = 10_000_000)]
        inputs: u64,
        /// The seed of the first session; each further one has the next.
        #[arg(long, default_value_t = 0)]
        seed: u64,
    },
    /// Write golden files anew, after a change that is meant to change them.
    Golden {
        /// Which; all by default.
        kind: Option<golden::Golden>,
    },
    /// Build what runs in the browser: the decision core, the web packages, the app.
    Web {
        /// Only the decision core.
        #[arg(long)]
        wasm_only: bool,
    },
}

fn main() -> ExitCode {
    let outcome = match Cli::parse().chore {
        Chore::Run { music, extra } => run::run(music, &extra),
        Chore::Test => test::run(),
        Chore::Demo { dir } => run::demo(dir),
        Chore::Tidy => tidy::run(),
        Chore::Matrix(order) => matrix::run(&order),
        Chore::Players => web::players(),
        Chore::Bench { rooms, json, traces } => {
            bench::run(&rooms, json.as_deref(), traces.as_deref())
        }
        Chore::Fuzz { inputs, seed } => fuzz::run(inputs, seed),
        Chore::Golden { kind } => golden::run(kind),
        Chore::Web { wasm_only: true } => web::wasm(),
        Chore::Web { wasm_only: false } => web::build(),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("xtask: {error:#}");
            ExitCode::FAILURE
        }
    }
}
