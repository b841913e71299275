//! The dependency law: which crate may know which.
//!
//! The table is the law; ARCHITECTURE.md explains it. A crate that the table does not name fails,
//! so a new crate is a decision and not an accident.

use std::collections::BTreeSet;

use cargo_metadata::{DependencyKind, Metadata};

/// One crate's place in the map.
struct Place {
    name: &'static str,
    /// Crates of this workspace that it may depend on.
    may_use: &'static [&'static str],
    /// Crates from outside that it may depend on outside its tests; `None` for any.
    outside: Option<&'static [&'static str]>,
}

const fn place(name: &'static str, may_use: &'static [&'static str]) -> Place {
    Place { name, may_use, outside: None }
}

/// Lower rooms first: a crate uses only what stands before it in this list.
const LAW: &[Place] = &[
    Place { name: "quicksync-model", may_use: &[], outside: Some(&[]) },
    Place { name: "quicksync-abr", may_use: &["quicksync-model"], outside: Some(&["libm"]) },
    place("quicksync-sim", &["quicksync-model", "quicksync-abr"]),
    place("quicksync-wasm", &["quicksync-model", "quicksync-abr"]),
    place("quicksync-whatif", &["quicksync-model", "quicksync-abr", "quicksync-sim"]),
    place("quicksync-trial", &["quicksync-model", "quicksync-abr", "quicksync-wasm"]),
    place("quicksync-relay", &["quicksync-model", "quicksync-sim"]),
    place("quicksync-manifest", &["quicksync-model"]),
    place("quicksync-fmp4", &["quicksync-model"]),
    place("quicksync-progressive", &["quicksync-model"]),
    place("quicksync-decode", &["quicksync-model"]),
    Place { name: "quicksync-splice", may_use: &[], outside: Some(&["bytes", "rustix"]) },
    place(
        "quicksync-media",
        &["quicksync-model", "quicksync-fmp4", "quicksync-decode", "quicksync-splice"],
    ),
    place("quicksync-store", &["quicksync-model"]),
    place("quicksync-library", &["quicksync-model", "quicksync-decode", "quicksync-store"]),
    place("quicksync-sense", &["quicksync-model", "quicksync-abr"]),
    place(
        "quicksync-server",
        &[
            "quicksync-model",
            "quicksync-abr",
            "quicksync-sim",
            "quicksync-manifest",
            "quicksync-progressive",
            "quicksync-store",
            "quicksync-library",
            "quicksync-sense",
            "quicksync-splice",
        ],
    ),
    place(
        "quicksync",
        &[
            "quicksync-model",
            "quicksync-abr",
            "quicksync-sim",
            "quicksync-manifest",
            "quicksync-progressive",
            "quicksync-fmp4",
            "quicksync-decode",
            "quicksync-media",
            "quicksync-store",
            "quicksync-library",
            "quicksync-sense",
            "quicksync-server",
        ],
    ),
    place("xtask", &[]),
];

/// A package and what it depends on.
pub(super) struct Package {
    name: String,
    dependencies: Vec<Dependency>,
}

struct Dependency {
    name: String,
    ours: bool,
    tests_only: bool,
}

/// The packages of this workspace as the law sees them.
pub(super) fn packages(metadata: &Metadata) -> Vec<Package> {
    metadata
        .workspace_packages()
        .into_iter()
        .map(|package| Package {
            name: package.name.to_string(),
            dependencies: package
                .dependencies
                .iter()
                .map(|dependency| Dependency {
                    name: dependency.name.clone(),
                    ours: dependency.path.is_some(),
                    tests_only: dependency.kind == DependencyKind::Development,
                })
                .collect(),
        })
        .collect()
}

/// Every crate from outside that a crate of this workspace names.
pub(super) fn direct_dependencies(metadata: &Metadata) -> BTreeSet<String> {
    packages(metadata)
        .into_iter()
        .flat_map(|package| package.dependencies)
        .filter(|dependency| !dependency.ours)
        .map(|dependency| dependency.name)
        .collect()
}

/// What breaks the law. Tests are bound by it too, but may build with their own hands what the
/// crates below them ask for.
pub(super) fn check(packages: &[Package]) -> Vec<String> {
    packages.iter().flat_map(check_package).collect()
}

fn check_package(package: &Package) -> Vec<String> {
    let Some(place) = LAW.iter().find(|place| place.name == package.name) else {
        return vec![format!(
            "{}: the dependency law (xtask/src/tidy/law.rs) has no line for it",
            package.name
        )];
    };
    package
        .dependencies
        .iter()
        .filter(|dependency| !allowed(place, dependency))
        .map(|dependency| {
            format!("{}: the dependency law forbids {}", package.name, dependency.name)
        })
        .collect()
}

fn allowed(place: &Place, dependency: &Dependency) -> bool {
    let name = dependency.name.as_str();
    if dependency.ours {
        return place.may_use.contains(&name) || (dependency.tests_only && reaches(place, name));
    }
    dependency.tests_only || place.outside.is_none_or(|outside| outside.contains(&name))
}

/// Whether a crate that `place` may use may use `name`, at any remove.
fn reaches(place: &Place, name: &str) -> bool {
    LAW.iter()
        .filter(|lower| place.may_use.contains(&lower.name))
        .any(|lower| lower.may_use.contains(&name) || reaches(lower, name))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn one(name: &str, dependency: &str, ours: bool, tests_only: bool) -> Vec<String> {
        check(&[Package {
            name: name.to_owned(),
            dependencies: vec![Dependency { name: dependency.to_owned(), ours, tests_only }],
        }])
    }

    #[test]
    fn the_law_refuses() {
        for (name, dependency, ours, tests_only) in [
            ("quicksync-server", "quicksync-media", true, false),
            ("quicksync-server", "quicksync-media", true, true),
            ("quicksync-server", "quicksync-decode", true, false),
            ("quicksync-abr", "serde", false, false),
            ("quicksync-model", "libm", false, false),
            ("quicksync-media", "quicksync-store", true, false),
            ("quicksync-common", "serde", false, false),
        ] {
            assert_eq!(one(name, dependency, ours, tests_only).len(), 1, "{name} -> {dependency}");
        }
    }

    #[test]
    fn the_law_allows() {
        for (name, dependency, ours, tests_only) in [
            ("quicksync-server", "quicksync-library", true, false),
            ("quicksync-abr", "libm", false, false),
            ("quicksync-abr", "expect-test", false, true),
            ("quicksync", "quicksync-media", true, false),
            ("quicksync-server", "quicksync-decode", true, true),
        ] {
            assert_eq!(one(name, dependency, ours, tests_only), [""; 0], "{name} -> {dependency}");
        }
    }

    #[test]
    fn the_law_has_no_circle() {
        for (index, place) in LAW.iter().enumerate() {
            for used in place.may_use {
                let before = LAW[..index].iter().any(|lower| lower.name == *used);
                assert!(before, "{} uses {used}, which does not stand before it", place.name);
            }
        }
    }
}
