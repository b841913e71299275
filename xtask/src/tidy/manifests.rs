//! Shared versions are declared once, at the root; a crate only says `workspace = true`.

use toml::{Table, Value};

use super::TextFile;

const TABLES: [&str; 3] = ["dependencies", "dev-dependencies", "build-dependencies"];

/// Every dependency that a member declares for itself, and every member without the shared lints.
pub(super) fn check(cargo_files: &[TextFile]) -> Vec<String> {
    cargo_files.iter().filter(|file| file.path != "Cargo.toml").flat_map(check_member).collect()
}

fn check_member(file: &TextFile) -> Vec<String> {
    let Ok(table) = file.text.parse::<Table>() else {
        return vec![format!("{}: not TOML", file.path)];
    };
    // Not a member: a package with a workspace of its own, such as the fuzz targets.
    if table.contains_key("workspace") {
        return Vec::new();
    }
    let mut problems = own_versions(&table, &file.path);
    if !inherits(table.get("lints")) {
        problems.push(format!("{}: the shared lints are not inherited", file.path));
    }
    problems
}

fn own_versions(table: &Table, path: &str) -> Vec<String> {
    TABLES
        .iter()
        .filter_map(|name| table.get(*name)?.as_table())
        .flatten()
        .filter(|(_, value)| !inherits(Some(value)))
        .map(|(name, _)| format!("{path}: {name} is declared here and not at the root"))
        .collect()
}

fn inherits(value: Option<&Value>) -> bool {
    value.and_then(|value| value.get("workspace")).and_then(Value::as_bool) == Some(true)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_and_lints_come_from_the_root() {
        let lints = "[lints]\nworkspace = true\n";
        for (text, problems) in [
            ("[dependencies]\nserde.workspace = true\n", 0),
            ("[dependencies]\nserde = { workspace = true, features = [\"rc\"] }\n", 0),
            ("[dependencies]\nserde = \"1\"\n", 1),
            ("[dev-dependencies]\nserde = { version = \"1\" }\n", 1),
            ("not toml", 1),
        ] {
            let file = TextFile { path: "a/Cargo.toml".into(), text: format!("{text}{lints}") };
            assert_eq!(check(&[file]).len(), problems, "{text}");
        }
        let bare = TextFile { path: "a/Cargo.toml".into(), text: "[package]\n".into() };
        assert_eq!(check(&[bare]).len(), 1);
    }
}
