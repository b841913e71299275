//! Folders of traces, with a manifest and without one.

use std::fs;

use quicksync_sim::{FolderError, Scale, read_folder};

fn folder(files: &[(&str, &str)]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in files {
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    folder
}

const ROW: &str = "duration_ms,bandwidth_kbps,latency_ms\n1000,800,50\n1000,0,50\n";

#[test]
fn without_a_manifest_the_time_mean_is_scaled() {
    let folder =
        folder(&[("b/y.csv", ROW), ("a/x.csv", ROW), ("a/notes.txt", "none"), ("z.csv", ROW)]);
    for (scale, bps) in
        [(Scale::Native, 4e5), (Scale::S400, 4e5), (Scale::S200, 2e5), (Scale::S100, 1e5)]
    {
        let traces = read_folder(folder.path(), scale).unwrap();
        let names: Vec<_> = traces.iter().map(|t| (t.family.as_str(), t.name.as_str())).collect();
        assert_eq!(names, [("a", "x"), ("b", "y")]);
        assert!((traces[0].trace.mean_bps() - bps).abs() < 1.0, "{scale:?}");
        assert_eq!(traces[0].trace.latency_us(0), 50_000);
    }
}

#[test]
fn a_manifest_says_which_files_and_factors() {
    let manifest = "family,file,origin,scale_s200\na,a/x.csv,\"one, two\",0.25\n";
    let folder = folder(&[("a/x.csv", ROW), ("a/unlisted.csv", ROW), ("manifest.csv", manifest)]);
    let traces = read_folder(folder.path(), Scale::S200).unwrap();
    assert_eq!(traces.len(), 1);
    assert!((traces[0].trace.mean_bps() - 1e5).abs() < 1.0);
    // A column that is not there: the factor is computed.
    let traces = read_folder(folder.path(), Scale::S100).unwrap();
    assert!((traces[0].trace.mean_bps() - 1e5).abs() < 1.0);
}

#[test]
fn what_cannot_be_read_is_named() {
    let none = folder(&[]);
    assert!(matches!(read_folder(none.path(), Scale::Native), Err(FolderError::NoTraces(_))));
    let bad = folder(&[("a/x.csv", "1000,-5,0\n")]);
    let error = read_folder(bad.path(), Scale::Native).unwrap_err().to_string();
    assert!(error.ends_with("x.csv: row 1: the rate must be 0 to 10^9 kbps"), "{error}");
    let missing = folder(&[("manifest.csv", "file\na/x.csv\n")]);
    assert!(matches!(
        read_folder(missing.path(), Scale::Native),
        Err(FolderError::Unreadable { .. })
    ));
    // What carries nothing cannot be played.
    let dead = folder(&[("a/x.csv", "1000,0,5\n"), ("a/y.csv", ROW)]);
    assert_eq!(read_folder(dead.path(), Scale::S200).unwrap().len(), 1);
}
