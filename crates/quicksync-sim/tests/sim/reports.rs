//! What a campaign says: the JSON's keys, the table's end, and the same again from any number of
//! threads.

use std::collections::BTreeSet;

use quicksync_sim::algorithm::{ALGORITHMS, Conditions};
use quicksync_sim::optimum::Holding;
use quicksync_sim::report::{json, picture, plans, table};
use quicksync_sim::{Campaign, Habits, Metric, Optima, Played, Scale, Setup};
use serde_json::Value;

use crate::traces::{named, rough};

fn campaign() -> Campaign {
    let families = ["one", "two", "synthetic_three"];
    let traces = (0..6).map(|seed| {
        let family = families[usize::try_from(seed % 3).unwrap()];
        named(family, &format!("trace-{seed}"), rough(seed, 250))
    });
    Campaign {
        setup: Setup::new(3_840_000, 12, Some(30_000_000)).unwrap(),
        scale: Scale::Native,
        metric: Metric::m1(),
        algorithms: ALGORITHMS.to_vec(),
        conditions: Conditions::default(),
        traces: traces.collect(),
        habits: Habits::default(),
        learned: false,
        holding: Holding::Free,
        optima: Optima::default(),
    }
}

fn keys(value: &Value) -> BTreeSet<&str> {
    value.as_object().unwrap().keys().map(String::as_str).collect()
}

const FIGURES: [&str; 9] = [
    "qoe",
    "share_of_optimum",
    "mean_kbps",
    "stalls",
    "stall_s",
    "switches",
    "startup_p50_s",
    "startup_p95_s",
    "wasted_share",
];

#[test]
fn the_json_has_the_keys_that_programs_read() {
    let mut campaign = campaign();
    campaign.find_optima(2);
    let played = campaign.play(2).unwrap();
    let object = json::object(&campaign, &played, campaign.optimum().as_ref());
    assert_eq!(keys(&object), BTreeSet::from(["config", "algorithms", "optimum", "comparisons"]));
    let algorithms = object["algorithms"].as_array().unwrap();
    assert_eq!(algorithms[0]["name"], "quicksync");
    for algorithm in algorithms {
        let expected = BTreeSet::from(["name", "overall", "overall_synthetic", "families"]);
        assert_eq!(keys(algorithm), expected);
        let families = keys(&algorithm["families"]);
        assert_eq!(families, BTreeSet::from(["one", "two", "synthetic_three"]));
        for figures in ["overall", "overall_synthetic"]
            .map(|name| &algorithm[name])
            .into_iter()
            .chain(algorithm["families"].as_object().unwrap().values())
        {
            assert_eq!(keys(figures), BTreeSet::from(FIGURES));
            assert!(figures.as_object().unwrap().values().all(Value::is_number), "{figures}");
        }
    }
    // Nobody with the same buffer is better than the optimum, and it is what it says it is.
    for figures in [&object["optimum"]["overall"], &algorithms[0]["overall"]] {
        assert!(figures["share_of_optimum"].as_f64().unwrap() <= 1.0 + 1e-9, "{figures}");
    }
    assert!(object["optimum"]["overall"]["share_of_optimum"].as_f64().unwrap() > 0.99);
}

#[test]
fn threads_change_nothing() {
    let campaign = campaign();
    let text = |played: &[Played]| {
        let table = table::lines(&campaign, played, None).join("\n");
        format!(
            "{table}\n{}\n{}",
            json::object(&campaign, played, None),
            plans::csv(&campaign, played)
        )
    };
    let alone = text(&campaign.play(1).unwrap());
    assert_eq!(alone, text(&campaign.play(3).unwrap()));
    assert!(alone.contains("n/a") && alone.contains("families in which a peer leads"));
}

#[test]
fn plans_name_every_download() {
    let campaign = campaign();
    let played = campaign.play(2).unwrap();
    let csv = plans::csv(&campaign, &played);
    let mut lines = csv.lines();
    let heading: Vec<&str> = lines.next().unwrap().split(',').collect();
    assert_eq!(heading[..4], ["algorithm", "trace", "segment", "rung"]);
    let downloads: usize =
        played.iter().flat_map(|one| &one.playbacks).map(|p| p.downloads.len()).sum();
    assert_eq!(lines.clone().count(), downloads);
    assert!(lines.all(|line| line.split(',').count() == heading.len()));
}

#[test]
fn a_picture_shows_every_download_and_says_why() {
    let mut campaign = campaign();
    campaign.traces = vec![named("one", "a<b", rough(3, 250))];
    let (playback, notes) = campaign.watch(ALGORITHMS[0], 0).unwrap();
    let link = &campaign.traces[0].trace;
    let scene = picture::Scene {
        title: "a<b",
        setup: &campaign.setup,
        link,
        playback: &playback,
        notes: &notes,
    };
    let svg = picture::svg(scene);
    assert!(svg.starts_with("<svg") && svg.ends_with("</svg>\n") && svg.contains("a&lt;b"));
    let bars = svg.lines().filter(|line| line.contains("height=\"16\"")).count();
    assert_eq!(bars, playback.downloads.len());
    assert!(svg.contains("Starting at"), "{svg}");
}

#[test]
fn who_seeks_and_skips_has_no_optimum() {
    let mut campaign = campaign();
    campaign.find_optima(2);
    campaign.habits = Habits { seeks: 1, skips: 0.5, seed: 3 };
    let played = campaign.play(2).unwrap();
    assert!(campaign.optimum().is_none());
    assert!(played.iter().all(|one| one.summary.overall.share_of_optimum.is_none()));
}
