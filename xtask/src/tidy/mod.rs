//! The house rules that no compiler checks: each rule reads the checkout and lists what breaks it.
//!
//! Every rule is a pure function over text or package data, so that a test can show it failing.

mod law;
mod licences;
mod manifests;
mod pages;
mod sources;
mod words;

use std::path::{Path, PathBuf};
use std::{env, fs};

use anyhow::{Context as _, Result, bail};
use cargo_metadata::{Metadata, MetadataCommand};

use crate::steps::root;

/// Folders that hold nothing of ours.
const SKIPPED: &[&str] = &["target", ".git", "node_modules", ".quicksync", "dist"];

/// A text file of the checkout.
pub(crate) struct TextFile {
    /// Relative to the root, with forward slashes.
    path: String,
    text: String,
}

/// Fails with every broken rule, one a line.
pub(crate) fn run() -> Result<()> {
    let problems = problems()?;
    if problems.is_empty() {
        println!("tidy: every house rule holds");
        return Ok(());
    }
    bail!("{} house rules are broken:\n  {}", problems.len(), problems.join("\n  "))
}

fn problems() -> Result<Vec<String>> {
    let metadata = metadata()?;
    let sources = read_all(&["rs", "ts", "tsx"])?;
    let cargo_files: Vec<_> =
        read_all(&["toml"])?.into_iter().filter(|file| file.path.ends_with("Cargo.toml")).collect();
    let mut problems = law::check(&law::packages(&metadata));
    problems.extend(licences::check(&metadata));
    problems.extend(manifests::check(&cargo_files));
    problems.extend(sources::check(&sources));
    problems.extend(words::check(&sources));
    problems.extend(pages::check(&|path| fs::read_to_string(root().join(path)).ok()));
    problems.extend(pages::check_dependencies(
        &fs::read_to_string(root().join(pages::DEPENDENCIES)).unwrap_or_default(),
        &law::direct_dependencies(&metadata),
    ));
    Ok(problems)
}

fn metadata() -> Result<Metadata> {
    let mut command = MetadataCommand::new();
    if let Some(cargo) = env::var_os("CARGO") {
        command.cargo_path(cargo);
    }
    command
        .current_dir(root())
        .other_options(vec!["--locked".to_owned()])
        .exec()
        .context("cannot read the workspace from cargo")
}

fn read_all(extensions: &[&str]) -> Result<Vec<TextFile>> {
    let mut files = Vec::new();
    walk(root(), extensions, &mut files)?;
    files.sort_by(|a, b| a.path.cmp(&b.path));
    Ok(files)
}

fn walk(folder: &Path, extensions: &[&str], files: &mut Vec<TextFile>) -> Result<()> {
    let entries =
        fs::read_dir(folder).with_context(|| format!("cannot read {}", folder.display()))?;
    for entry in entries {
        let entry = entry?;
        let name = entry.file_name();
        if entry.file_type()?.is_dir() {
            if !SKIPPED.iter().any(|skipped| name == *skipped) {
                walk(&entry.path(), extensions, files)?;
            }
        } else if has_extension(&entry.path(), extensions) {
            files.push(read(entry.path())?);
        }
    }
    Ok(())
}

fn has_extension(path: &Path, extensions: &[&str]) -> bool {
    path.extension().is_some_and(|found| extensions.iter().any(|wanted| found == *wanted))
}

fn read(path: PathBuf) -> Result<TextFile> {
    let text =
        fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))?;
    let relative = path.strip_prefix(root()).unwrap_or(&path);
    Ok(TextFile { path: relative.to_string_lossy().replace('\\', "/"), text })
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_house_is_tidy() {
        let problems = super::problems().unwrap();
        assert!(problems.is_empty(), "broken house rules:\n  {}", problems.join("\n  "));
    }
}
