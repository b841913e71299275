//! The shape of source files: a first paragraph that says what a module is for, and a length that a
//! reader can hold.

use super::TextFile;

const RUST_LINES: usize = 800;
const WEB_LINES: usize = 300;
const HEADER: &str = "//!";

/// Written by tools, for tools.
const GENERATED: &str = ".d.ts";

/// Every file without its first paragraph or beyond its length.
pub(super) fn check(files: &[TextFile]) -> Vec<String> {
    files.iter().filter(|file| !file.path.ends_with(GENERATED)).flat_map(check_file).collect()
}

fn check_file(file: &TextFile) -> Vec<String> {
    let rust = file.path.ends_with(".rs");
    let limit = if rust { RUST_LINES } else { WEB_LINES };
    let lines = file.text.lines().count();
    let mut problems = Vec::new();
    if lines > limit {
        problems.push(format!("{}: {lines} lines, at most {limit} allowed", file.path));
    }
    if rust && !file.text.starts_with(HEADER) {
        problems.push(format!("{}: does not open with {HEADER}", file.path));
    }
    problems
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headers_and_lengths() {
        let long = format!("//! a\n{}", "\n".repeat(RUST_LINES));
        let web = "\n".repeat(WEB_LINES + 1);
        for (path, text, problems) in [
            ("a.rs", "//! Decides.\n", 0),
            ("a.rs", "use std::fmt;\n", 1),
            ("a.rs", "", 1),
            ("a.rs", long.as_str(), 1),
            ("a.ts", "export {}\n", 0),
            ("a.tsx", web.as_str(), 1),
            ("a.d.ts", web.as_str(), 0),
        ] {
            let file = TextFile { path: path.into(), text: text.into() };
            assert_eq!(check(&[file]).len(), problems, "{path} {:.20}", text);
        }
    }
}
