//! Which licences a dependency may have, so that the binary can be given away under ours.

use cargo_metadata::Metadata;

/// Licences that ask for no more than their notice, and MPL-2.0, which asks for the source of its
/// own files only.
const ALLOWED: &[&str] = &[
    "0BSD",
    "Apache-2.0",
    "Apache-2.0 WITH LLVM-exception",
    "BSD-2-Clause",
    "BSD-3-Clause",
    "BSL-1.0",
    "CC0-1.0",
    "CDLA-Permissive-2.0",
    "ISC",
    "MIT",
    "MIT-0",
    "MPL-2.0",
    "Unicode-3.0",
    "Unlicense",
    "Zlib",
];

/// Libraries under the LGPL: each behind a feature of its own, built from source that goes with it,
/// so that a receiver can put another version in its place (docs/design/dependencies.md).
const RELINKABLE: &[(&str, &str)] = &[("mp3lame-sys", "LGPL-3.0")];

/// Every package whose licence expression the list does not satisfy.
pub(super) fn check(metadata: &Metadata) -> Vec<String> {
    metadata
        .packages
        .iter()
        .filter_map(|package| {
            let licence = package.license.as_deref().unwrap_or("");
            let relinkable = RELINKABLE.contains(&(package.name.as_str(), licence));
            (!relinkable && !satisfied(licence)).then(|| {
                format!(
                    "{} {}: licence \"{licence}\" is not on the list (xtask/src/tidy/licences.rs)",
                    package.name, package.version
                )
            })
        })
        .collect()
}

/// Whether an SPDX expression can be met by allowed licences alone. The old form `A/B` means
/// `A OR B`.
fn satisfied(expression: &str) -> bool {
    let spaced = expression.replace('(', " ( ").replace(')', " ) ").replace('/', " OR ");
    let words: Vec<&str> = spaced.split_whitespace().collect();
    let mut rest = words.as_slice();
    let verdict = any(&mut rest);
    verdict && rest.is_empty()
}

fn any(rest: &mut &[&str]) -> bool {
    let mut verdict = all(rest);
    while take(rest, "OR") {
        verdict |= all(rest);
    }
    verdict
}

fn all(rest: &mut &[&str]) -> bool {
    let mut verdict = one(rest);
    while take(rest, "AND") {
        verdict &= one(rest);
    }
    verdict
}

fn one(rest: &mut &[&str]) -> bool {
    if take(rest, "(") {
        let verdict = any(rest);
        return take(rest, ")") && verdict;
    }
    let Some((name, after)) = rest.split_first() else { return false };
    *rest = after;
    if take(rest, "WITH") {
        let Some((exception, after)) = rest.split_first() else { return false };
        *rest = after;
        return ALLOWED.contains(&format!("{name} WITH {exception}").as_str());
    }
    ALLOWED.contains(name)
}

fn take(rest: &mut &[&str], word: &str) -> bool {
    let found = rest.first() == Some(&word);
    if found {
        *rest = &rest[1..];
    }
    found
}

#[cfg(test)]
mod tests {
    use super::satisfied;

    #[test]
    fn expressions() {
        for (expression, wanted) in [
            ("MIT", true),
            ("MIT/Apache-2.0", true),
            ("GPL-3.0-only OR MIT", true),
            ("MIT AND GPL-3.0-only", false),
            ("(MIT OR GPL-3.0-only) AND Unicode-3.0", true),
            ("(MIT AND GPL-3.0-only) OR ISC", true),
            ("Apache-2.0 WITH LLVM-exception OR GPL-2.0-only", true),
            ("GPL-2.0-only WITH Classpath-exception-2.0", false),
            ("LGPL-2.1-or-later", false),
            ("", false),
            ("MIT MIT", false),
            ("(MIT", false),
        ] {
            assert_eq!(satisfied(expression), wanted, "{expression:?}");
        }
    }
}
