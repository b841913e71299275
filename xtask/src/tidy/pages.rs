//! The pages a reader relies on: they exist, they name the commands, and they cover every route and
//! every dependency.

use std::collections::BTreeSet;

use serde_json::Value;

/// The page with one row for every direct dependency.
pub(super) const DEPENDENCIES: &str = "docs/design/dependencies.md";
const API: &str = "docs/ref/api.md";
const OPENAPI: &str = "docs/ref/openapi.json";

/// Pages that must exist, and what each must say.
const PAGES: &[(&str, &[&str])] = &[
    ("README.md", &["cargo xtask run", "cargo xtask test", "LICENSE-MIT", "LICENSE-APACHE"]),
    ("ARCHITECTURE.md", &["Architecture Invariant"]),
    ("CONTRIBUTING.md", &["cargo xtask test"]),
    ("CHANGELOG.md", &["## [Unreleased]"]),
    ("LICENSE-MIT", &["The Quick Sync developers"]),
    ("LICENSE-APACHE", &["Apache License"]),
    ("docs/glossary.md", &["throughput", "rung"]),
    ("docs/ref/config.md", &["trusted_proxies", "QUICKSYNC_LISTEN"]),
    ("docs/ref/cli.md", &["token create"]),
    (DEPENDENCIES, &[]),
    (API, &[]),
    (OPENAPI, &[]),
];

/// What is missing from the pages; `read` gives a page's text.
pub(super) fn check(read: &dyn Fn(&str) -> Option<String>) -> Vec<String> {
    let mut problems = Vec::new();
    for (path, phrases) in PAGES {
        match read(path) {
            None => problems.push(format!("{path}: missing")),
            Some(text) => problems.extend(
                phrases
                    .iter()
                    .filter(|phrase| !text.contains(**phrase))
                    .map(|phrase| format!("{path}: does not mention {phrase}")),
            ),
        }
    }
    if let (Some(openapi), Some(page)) = (read(OPENAPI), read(API)) {
        problems.extend(check_routes(&openapi, &page));
    }
    problems
}

/// Every route of the OpenAPI document has its place, with its method, in the reference page.
fn check_routes(openapi: &str, page: &str) -> Vec<String> {
    let Ok(document) = serde_json::from_str::<Value>(openapi) else {
        return vec![format!("{OPENAPI}: not JSON")];
    };
    let Some(paths) = document.get("paths").and_then(Value::as_object) else {
        return vec![format!("{OPENAPI}: has no paths")];
    };
    paths
        .iter()
        .flat_map(|(path, item)| {
            let methods = item.as_object().into_iter().flatten();
            methods.map(move |(method, _)| format!("{} {path}", method.to_uppercase()))
        })
        .filter(|route| !page.contains(&format!("`{route}`")))
        .map(|route| format!("{API}: does not document `{route}`"))
        .collect()
}

/// Every crate we depend on has a row that opens with its name, and every row is still needed. What
/// the web is built with has a section of its own.
pub(super) fn check_dependencies(page: &str, dependencies: &BTreeSet<String>) -> Vec<String> {
    let crates = page.split_once("\n## The web\n").map_or(page, |(crates, _)| crates);
    let rows: BTreeSet<String> = crates.lines().filter_map(row_name).collect();
    let unexplained =
        dependencies.difference(&rows).map(|name| format!("{DEPENDENCIES}: has no row for {name}"));
    let stale = rows
        .difference(dependencies)
        .map(|name| format!("{DEPENDENCIES}: explains {name}, which nothing depends on"));
    unexplained.chain(stale).collect()
}

fn row_name(line: &str) -> Option<String> {
    let (name, _) = line.strip_prefix("| `")?.split_once('`')?;
    Some(name.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn missing_pages_and_phrases_are_named() {
        let all_missing = check(&|_| None);
        assert_eq!(all_missing.len(), PAGES.len());
        let empty = check(&|path| Some(if path == OPENAPI { "{\"paths\":{}}" } else { "" }.into()));
        let phrases: usize = PAGES.iter().map(|(_, phrases)| phrases.len()).sum();
        assert_eq!(empty.len(), phrases, "{empty:?}");
    }

    #[test]
    fn every_route_is_documented() {
        let openapi = r#"{"paths": {"/a": {"get": {}, "post": {}}, "/b/{id}": {"delete": {}}}}"#;
        let page = "### `GET /a`\n### `DELETE /b/{id}`";
        assert_eq!(check_routes(openapi, page), ["docs/ref/api.md: does not document `POST /a`"]);
        assert_eq!(check_routes("[]", "").len(), 1);
        assert_eq!(check_routes("no", "").len(), 1);
    }

    #[test]
    fn every_dependency_has_its_row() {
        let names = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
        let page =
            "| what |\n| `axum` | http |\n| `gone` | old |\n\n## The web\n\n| `react` | pages |\n";
        assert_eq!(check_dependencies(page, &names(&["axum", "new"])).len(), 2);
        assert_eq!(check_dependencies(page, &names(&["axum", "gone"])), [""; 0]);
    }
}
