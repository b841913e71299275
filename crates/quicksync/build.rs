//! Builds the program again when the web app it carries has changed.

fn main() {
    let dist = std::path::Path::new("../../web/app/dist");
    // A path that does not exist would mean building every time.
    let watched = if dist.exists() { dist } else { std::path::Path::new("build.rs") };
    emit(&format!("cargo::rerun-if-changed={}", watched.display()));
}

fn emit(line: &str) {
    println!("{line}");
}
