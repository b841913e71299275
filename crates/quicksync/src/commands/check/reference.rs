//! The reference decoder and meter: ffmpeg, as a process.
//!
//! Never part of what the server does: only this command asks it, and does without where it is not
//! installed.

use std::ffi::OsStr;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

/// Layouts whose channels come in the order that we take for granted for so many.
const USUAL_LAYOUTS: [&str; 12] = [
    "mono",
    "stereo",
    "3.0",
    "quad",
    "quad(side)",
    "5.0",
    "5.0(side)",
    "5.1",
    "5.1(side)",
    "6.1",
    "7.1",
    "unknown",
];

/// A reference that answers.
#[derive(Debug)]
pub(super) struct Reference {
    program: PathBuf,
}

impl Reference {
    /// The program at `program`, if it can be run.
    pub(super) fn find(program: &str) -> Option<Self> {
        let reference = Self { program: program.into() };
        let args: [&OsStr; 1] = ["-version".as_ref()];
        reference.run(&args, None).is_ok().then_some(reference)
    }

    /// Every channel of `path`, interleaved.
    pub(super) fn decode(&self, path: &Path, channels: u16) -> Result<Vec<f32>, String> {
        if channels > 2 {
            let layout = self.layout(path)?;
            if !USUAL_LAYOUTS.contains(&layout.as_str()) {
                return Err(format!("its channels ({layout}) have another order than ours"));
            }
        }
        // Of two Opus decoders the one whose arithmetic is ours, where there is a choice.
        let plain = ["-v", "error", "-nostdin", "-i"].map(OsStr::new);
        let wanted = ["-map", "0:a:0", "-f", "f32le", "-c:a", "pcm_f32le", "-"].map(OsStr::new);
        let args = [&plain[..], &[path.as_os_str()], &wanted].concat();
        let bytes = self.run(&args, None)?.stdout;
        Ok(bytes.as_chunks::<4>().0.iter().map(|sample| f32::from_le_bytes(*sample)).collect())
    }

    /// LUFS and dBTP of interleaved stereo.
    pub(super) fn loudness(&self, pcm: &[f32], rate: u32) -> Result<(f64, f64), String> {
        let rate = rate.to_string();
        let args = [
            "-nostdin",
            "-hide_banner",
            "-nostats",
            "-f",
            "f32le",
            "-ac",
            "2",
            "-ar",
            &rate,
            "-i",
            "-",
            "-af",
            "ebur128=peak=true:framelog=verbose",
            "-f",
            "null",
            "-",
        ]
        .map(OsStr::new);
        let bytes: Vec<u8> = pcm.iter().flat_map(|sample| sample.to_le_bytes()).collect();
        let output = self.run(&args, Some(bytes))?;
        let text = String::from_utf8_lossy(&output.stderr);
        let (_, summary) = text.split_once("Summary:").ok_or("it gave no summary")?;
        let figure = |label: &str| {
            let line = summary.lines().find_map(|line| line.trim().strip_prefix(label));
            line.and_then(|line| line.split_whitespace().next()?.parse::<f64>().ok())
        };
        figure("I:").zip(figure("Peak:")).ok_or_else(|| "its summary has no figures".into())
    }

    /// The name of the file's channel layout.
    fn layout(&self, path: &Path) -> Result<String, String> {
        let prober = Self { program: self.program.with_file_name("ffprobe") };
        let args = [
            "-v",
            "error",
            "-select_streams",
            "a:0",
            "-show_entries",
            "stream=channel_layout",
            "-of",
            "csv=p=0",
        ]
        .map(OsStr::new);
        let output = prober.run(&[&args[..], &[path.as_os_str()]].concat(), None)?;
        let text = String::from_utf8_lossy(&output.stdout);
        Ok(text.lines().next().unwrap_or_default().trim_end_matches(',').to_owned())
    }

    fn run(&self, args: &[&OsStr], input: Option<Vec<u8>>) -> Result<Output, String> {
        let stdin = if input.is_some() { Stdio::piped() } else { Stdio::null() };
        let mut child = Command::new(&self.program)
            .args(args)
            .stdin(stdin)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .map_err(|error| format!("{} cannot be run: {error}", self.program.display()))?;
        // From a thread of its own, as the child may talk before it has heard everything.
        let feeding = child
            .stdin
            .take()
            .zip(input)
            .map(|(mut pipe, bytes)| std::thread::spawn(move || pipe.write_all(&bytes)));
        let output = child.wait_with_output().map_err(|error| error.to_string())?;
        if let Some(feeding) = feeding {
            // A child that closed its ears says why in its status.
            let _heard = feeding.join();
        }
        if output.status.success() {
            return Ok(output);
        }
        let text = String::from_utf8_lossy(&output.stderr);
        Err(format!("the reference refuses: {}", text.lines().last().unwrap_or_default()))
    }
}
