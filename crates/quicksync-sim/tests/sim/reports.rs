//! What a campaign says: the JSON's keys, the table's end, and the same again from any number of
//! threads.

use std::collections::BTreeSet;

use quicksync_sim::algorithm::{ALGORITHMS, Conditions};
use quicksync_sim::report::{json, picture, plans, table};
use quicksync_sim::{Campaign, Habits, Metric, Optima, Played, Reference, Scale, Setup};
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
        references: Reference::ALL.to_vec(),
        optima: Optima::default(),
    }
}

fn keys(value: &Value) -> BTreeSet<&str> {
    value.as_object().unwrap().keys().map(String::as_str).collect()
}

const FIGURES: [&str; 10] = [
    "qoe",
    "share_of_optimum",
    "share_of_free_optimum",
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
    let object = json::object(&campaign, &played, &campaign.optima());
    let expected =
        ["config", "algorithms", "optima", "beside_optimum", "comparisons", "leads"].into();
    assert_eq!(keys(&object), expected);
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
    let [prompt, free, unlimited] = [0, 1, 2].map(|index| &object["optima"][index]);
    let share = |of: &Value, share: &str| of["overall"][share].as_f64().unwrap();
    // Nobody with the same buffer is better than the optimum that may hold, and all are what they
    // say they are.
    for played in [prompt, free, &algorithms[0]] {
        assert!(share(played, "share_of_free_optimum") <= 1.0 + 1e-9, "{played}");
    }
    assert!(
        share(prompt, "share_of_optimum") > 0.99 && share(free, "share_of_free_optimum") > 0.99
    );
    assert!(share(unlimited, "share_of_free_optimum") >= share(free, "share_of_free_optimum"));
    for (optimum, name) in [(prompt, "prompt"), (free, "free"), (unlimited, "unlimited")] {
        assert_eq!(optimum["name"], name);
        let bound = |bound: &str| optimum["bounds"][bound].as_f64().unwrap();
        assert!(bound("lower") <= bound("upper") && bound("gap") < 0.01, "{optimum}");
        // The plans, played by the player, come to what they are said to.
        assert!((share(optimum, "qoe") - bound("lower")).abs() < 1e-6, "{optimum}");
    }
    let beside = object["beside_optimum"].as_array().unwrap();
    assert_eq!(beside.len(), algorithms.len());
    assert!(beside[0]["startup_p95_more_s"].is_number());
}

#[test]
fn threads_change_nothing() {
    let campaign = campaign();
    let text = |played: &[Played]| {
        let table = table::lines(&campaign, played, &[]).join("\n");
        format!(
            "{table}\n{}\n{}",
            json::object(&campaign, played, &[]),
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
    assert!(campaign.optima().is_empty());
    assert!(played.iter().all(|one| one.summary.overall.share_of_optimum.is_none()));
}
