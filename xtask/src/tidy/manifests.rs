//! Shared versions are declared once, at the root, and used; a crate only says `workspace = true`.

use toml::{Table, Value};

use super::TextFile;

const TABLES: [&str; 3] = ["dependencies", "dev-dependencies", "build-dependencies"];

const ROOT: &str = "Cargo.toml";

/// Every dependency that a member declares for itself, every member without the shared lints, and
/// every shared version that nobody uses.
pub(super) fn check(cargo_files: &[TextFile]) -> Vec<String> {
    let (root, members): (Vec<_>, Vec<_>) = cargo_files.iter().partition(|file| file.path == ROOT);
    let mut problems: Vec<_> = members.iter().flat_map(|file| check_member(file)).collect();
    problems.extend(root.iter().flat_map(|file| unused(file, &members)));
    problems
}

fn unused(root: &TextFile, members: &[&TextFile]) -> Vec<String> {
    let tables: Vec<Table> = members.iter().filter_map(|file| file.text.parse().ok()).collect();
    let used: Vec<&str> = tables.iter().flat_map(dependencies).map(|(name, _)| name).collect();
    let Ok(table) = root.text.parse::<Table>() else {
        return vec![format!("{ROOT}: not TOML")];
    };
    let shared = table.get("workspace").and_then(|workspace| workspace.get(TABLES[0]));
    shared
        .and_then(Value::as_table)
        .into_iter()
        .flatten()
        .filter(|(name, value)| !used.contains(&name.as_str()) && value.get("path").is_none())
        .map(|(name, _)| format!("{ROOT}: {name} is declared and nobody uses it"))
        .collect()
}

fn dependencies(table: &Table) -> impl Iterator<Item = (&str, &Value)> {
    TABLES
        .iter()
        .filter_map(|name| table.get(*name)?.as_table())
        .flatten()
        .map(|(name, value)| (name.as_str(), value))
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
    dependencies(table)
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

    #[test]
    fn shared_versions_are_used() {
        let root = "[workspace.dependencies]\nserde = \"1\"\nours = { path = \"ours\" }\n";
        let member = "[dev-dependencies]\nserde.workspace = true\n[lints]\nworkspace = true\n";
        let root = || TextFile { path: ROOT.into(), text: root.into() };
        let member = TextFile { path: "a/Cargo.toml".into(), text: member.into() };
        assert_eq!(check(&[root(), member]), [""; 0]);
        assert_eq!(check(&[root()]).len(), 1);
    }
}
