//! The OpenAPI document against the one that is kept: a change of the interface is seen in review.

use std::path::Path;

const GOLDEN: &str = "../../docs/ref/openapi.json";

#[test]
fn the_document_is_the_one_kept() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(GOLDEN);
    let text = format!("{}\n", quicksync_server::openapi().to_pretty_json().unwrap());
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, &text).unwrap();
    }
    let kept = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(kept == text, "{GOLDEN} is stale: run this test with UPDATE_GOLDEN=1 and review it");
}

#[test]
fn every_refusal_is_documented_as_a_problem() {
    let document = serde_json::to_value(quicksync_server::openapi()).unwrap();
    for (path, item) in document["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            for (status, response) in operation["responses"].as_object().unwrap() {
                let is_refusal = status.starts_with(['4', '5'])
                    && (path.as_str(), status.as_str()) != ("/readyz", "503");
                let types: Vec<_> = response["content"].as_object().into_iter().flatten().collect();
                let says = types.iter().any(|(name, _)| *name == "application/problem+json");
                assert_eq!(says, is_refusal, "{method} {path} {status}: {types:?}");
            }
        }
    }
}
