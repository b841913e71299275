//! A folder of network traces: families of files, and by how much each is scaled.
//!
//! Reads files. Never writes, never decides what is played over them.
//!
//! # Format
//! One folder per family with one CSV file per trace, as [`NetworkTrace::from_csv`] reads it. A
//! `manifest.csv` beside them may list the files (`file`) and give factors (`scale_s400`, ...);
//! without it every CSV file counts and the factors make the time-mean 400, 200 or 100 kbps.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use crate::trace::{NetworkTrace, TraceError};

/// Families with this prefix are generated: never part of a claim about real networks.
const SYNTHETIC: &str = "synthetic";
/// More files than this are refused.
const MOST_TRACES: usize = 100_000;
/// Longer files than this are refused.
const MOST_BYTES: u64 = 64 << 20;

/// By how much traces are scaled.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scale {
    /// As recorded.
    Native,
    /// To a time-mean of 400 kbps.
    S400,
    /// To a time-mean of 200 kbps.
    S200,
    /// To a time-mean of 100 kbps.
    S100,
}

impl Scale {
    /// Every scale, the easiest first.
    pub const ALL: [Self; 4] = [Self::Native, Self::S400, Self::S200, Self::S100];

    /// The stable word of the command line.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Native => "native",
            Self::S400 => "s400",
            Self::S200 => "s200",
            Self::S100 => "s100",
        }
    }

    /// The scale of a word.
    #[must_use]
    pub fn named(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|scale| scale.as_str() == word)
    }

    /// The time-mean after scaling, bits per second.
    const fn mean_bps(self) -> Option<f64> {
        match self {
            Self::Native => None,
            Self::S400 => Some(400e3),
            Self::S200 => Some(200e3),
            Self::S100 => Some(100e3),
        }
    }
}

/// One trace of a folder, scaled.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NamedTrace {
    /// Its folder.
    pub family: String,
    /// Its file's name without the ending.
    pub name: String,
    /// What it carries.
    pub trace: NetworkTrace,
}

impl NamedTrace {
    /// Whether its family is generated rather than recorded.
    #[must_use]
    pub fn is_synthetic(&self) -> bool {
        is_synthetic(&self.family)
    }
}

/// Whether a family is generated rather than recorded.
#[must_use]
pub fn is_synthetic(family: &str) -> bool {
    family.starts_with(SYNTHETIC)
}

/// Why a folder gives no traces.
#[derive(Debug, thiserror::Error)]
pub enum FolderError {
    /// A file or folder cannot be read.
    #[error("{}: {cause}", path.display())]
    Unreadable {
        /// Which.
        path: PathBuf,
        /// Why.
        cause: std::io::Error,
    },
    /// A file is no trace.
    #[error("{}: {cause}", path.display())]
    Trace {
        /// Which.
        path: PathBuf,
        /// Why.
        cause: TraceError,
    },
    /// A line of the manifest makes no sense.
    #[error("{}: line {line}: {reason}", path.display())]
    Manifest {
        /// Which file.
        path: PathBuf,
        /// Counted from 1.
        line: usize,
        /// What is wrong with it.
        reason: &'static str,
    },
    /// A file is larger than any trace.
    #[error("{}: larger than any trace", .0.display())]
    TooLarge(PathBuf),
    /// There is not one trace, or too many.
    #[error("{}: no families of traces, or more than 100,000 files", .0.display())]
    NoTraces(PathBuf),
}

/// Reads every trace of a folder in the order of families and names. Traces that carry nothing at
/// all cannot be played and are left out.
///
/// # Errors
/// See [`FolderError`].
pub fn read_folder(folder: &Path, scale: Scale) -> Result<Vec<NamedTrace>, FolderError> {
    let manifest = folder.join("manifest.csv");
    let mut files: Vec<(PathBuf, Option<f64>)> = if manifest.is_file() {
        let text = read(&manifest)?;
        let listed = read_manifest(&text, scale).map_err(|(line, reason)| {
            FolderError::Manifest { path: manifest.clone(), line, reason }
        })?;
        listed.into_iter().map(|(file, factor)| (folder.join(file), factor)).collect()
    } else {
        walk(folder)?.into_iter().map(|file| (file, None)).collect()
    };
    files.sort_by(|a, b| a.0.cmp(&b.0));
    if files.is_empty() || files.len() > MOST_TRACES {
        return Err(FolderError::NoTraces(folder.to_owned()));
    }
    let traces = files.iter().map(|(path, factor)| read_trace(path, *factor, scale));
    let traces: Result<Vec<_>, _> = traces.collect();
    Ok(traces?.into_iter().filter(|named| named.trace.mean_bps() > 0.0).collect())
}

fn read_trace(path: &Path, factor: Option<f64>, scale: Scale) -> Result<NamedTrace, FolderError> {
    let trace = NetworkTrace::from_csv(&read(path)?)
        .map_err(|cause| FolderError::Trace { path: path.to_owned(), cause })?;
    let own = || scale.mean_bps().map(|bps| bps / trace.mean_bps());
    let trace = match factor.or_else(own).filter(|factor| factor.is_finite()) {
        Some(factor) => trace.scaled(factor),
        None => trace,
    };
    let text = |part: Option<&std::ffi::OsStr>| {
        part.map(|part| part.to_string_lossy().into_owned()).unwrap_or_default()
    };
    let family = text(path.parent().and_then(Path::file_name));
    Ok(NamedTrace { family, name: text(path.file_stem()), trace })
}

fn read(path: &Path) -> Result<String, FolderError> {
    let unreadable = |cause| FolderError::Unreadable { path: path.to_owned(), cause };
    if std::fs::metadata(path).map_err(unreadable)?.len() > MOST_BYTES {
        return Err(FolderError::TooLarge(path.to_owned()));
    }
    std::fs::read_to_string(path).map_err(unreadable)
}

/// The CSV files of the folders in `folder`.
fn walk(folder: &Path) -> Result<Vec<PathBuf>, FolderError> {
    let mut files = Vec::new();
    for family in entries(folder)?.into_iter().filter(|path| path.is_dir()) {
        let csv = |path: &PathBuf| path.extension().is_some_and(|ending| ending == "csv");
        files.extend(entries(&family)?.into_iter().filter(csv).take(MOST_TRACES));
    }
    Ok(files)
}

fn entries(folder: &Path) -> Result<Vec<PathBuf>, FolderError> {
    let unreadable = |cause| FolderError::Unreadable { path: folder.to_owned(), cause };
    let entries = std::fs::read_dir(folder).map_err(unreadable)?;
    entries.map(|entry| entry.map(|entry| entry.path()).map_err(unreadable)).collect()
}

type Listed = Vec<(String, Option<f64>)>;

/// The files of a manifest and their factors; the line and what is wrong with it.
fn read_manifest(text: &str, scale: Scale) -> Result<Listed, (usize, &'static str)> {
    let mut lines = text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty());
    let heading = fields(lines.next().ok_or((1, "it is empty"))?.1);
    let column = |name: &str| heading.iter().position(|field| field == name);
    let file = column("file").ok_or((1, "there is no column `file`"))?;
    let factor = column(&format!("scale_{}", scale.as_str()));
    let mut listed = BTreeMap::new();
    for (index, line) in lines {
        let fields = fields(line);
        let name = fields.get(file).ok_or((index + 1, "it has no file"))?;
        if Path::new(name).components().any(|part| !matches!(part, std::path::Component::Normal(_)))
        {
            return Err((index + 1, "the file must be inside the folder"));
        }
        let read = |column: usize| {
            let number = fields.get(column).and_then(|field| field.trim().parse::<f64>().ok());
            let sound = number.filter(|number| *number > 0.0 && number.is_finite());
            sound.ok_or((index + 1, "the factor must be a number above 0"))
        };
        listed.insert(name.clone(), factor.map(read).transpose()?);
    }
    Ok(listed.into_iter().collect())
}

/// The fields of a CSV line; a comma between quotes is part of its field.
fn fields(line: &str) -> Vec<String> {
    let mut fields = vec![String::new()];
    let mut quoted = false;
    for letter in line.trim_end().chars() {
        match letter {
            '"' => quoted = !quoted,
            ',' if !quoted => fields.push(String::new()),
            other => {
                if let Some(field) = fields.last_mut() {
                    field.push(other);
                }
            }
        }
    }
    fields
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn manifests_give_files_and_factors() {
        let text = "family,file,origin,scale_s200\na,a/x.csv,\"one, two\",0.5\na,a/b.csv,z,2\n";
        let listed = read_manifest(text, Scale::S200).unwrap();
        assert_eq!(listed, [("a/b.csv".to_owned(), Some(2.0)), ("a/x.csv".to_owned(), Some(0.5))]);
        assert_eq!(read_manifest(text, Scale::Native).unwrap()[0].1, None);
    }

    #[test]
    fn bad_manifests_are_refused() {
        for (text, line) in [
            ("", 1),
            ("family\na", 1),
            ("file,scale_s200\na/b.csv,x", 2),
            ("file,scale_s200\na/b.csv,0.5\na/c.csv,-1", 3),
            ("file,scale_s200\na/b.csv", 2),
            ("file,scale_s200\n../b.csv,1", 2),
            ("file,scale_s200\n/etc/b.csv,1", 2),
        ] {
            let error = read_manifest(text, Scale::S200).unwrap_err();
            assert_eq!(error.0, line, "{text:?}: {}", error.1);
        }
    }
}
