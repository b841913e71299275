//! CMCD as an independent encoder writes it (web/tools/cmcd), and as nobody should.

use std::fs;
use std::path::Path;

use quicksync_sense::{Cmcd, CmcdError, CmcdEvent, ObjectType, PlayerState};
use serde_json::Value;

fn vectors() -> Value {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../testdata/cmcd/vectors.json");
    serde_json::from_str(&fs::read_to_string(path).expect("the vectors")).expect("JSON")
}

fn query_value(query: &str) -> String {
    let (_, value) = url::form_urlencoded::parse(query.as_bytes()).next().expect("one pair");
    value.into_owned()
}

/// What the record must say of `key`: a number, plain or alone in a list.
fn number(data: &Value, key: &str) -> Option<f64> {
    let value = &data[key];
    value.as_array().map_or(value, |list| &list[0]).as_f64()
}

/// Numbers that an encoder rounds to hundreds.
fn rounded(data: &Value, key: &str) -> Option<f64> {
    number(data, key).map(|value| (value / 100.0).round() * 100.0)
}

#[track_caller]
fn assert_read(record: &Cmcd, data: &Value) {
    let text = |key: &str| data[key].as_str();
    assert_eq!(record.session_id.as_deref(), text("sid"), "{data}");
    assert_eq!(record.content_id.as_deref(), text("cid"), "{data}");
    assert_eq!(record.throughput.map(|rate| rate.kbps()), rounded(data, "mtp"), "{data}");
    assert_eq!(record.buffer_ms.map(f64::from), rounded(data, "bl"), "{data}");
    assert_eq!(record.deadline_ms.map(f64::from), rounded(data, "dl"), "{data}");
    assert_eq!(record.requested_kbps.map(f64::from), rounded(data, "rtp"), "{data}");
    assert_eq!(record.bitrate_kbps.map(f64::from), number(data, "br"), "{data}");
    assert_eq!(record.top_kbps.map(f64::from), number(data, "tb"), "{data}");
    assert_eq!(record.duration_ms.map(f64::from), number(data, "d"), "{data}");
    assert_eq!(record.starved, data["bs"].as_bool().unwrap_or_default(), "{data}");
    assert_eq!(record.urgent, data["su"].as_bool().unwrap_or_default(), "{data}");
    let object = text("ot").map(|word| match word {
        "a" => ObjectType::Media,
        "m" => ObjectType::Manifest,
        "i" => ObjectType::Init,
        _ => ObjectType::Other,
    });
    assert_eq!(record.object, object, "{data}");
    assert_eq!(Some(u64::from(record.version)), data["v"].as_u64(), "{data}");
}

#[test]
fn requests_of_both_versions_are_read_alike_from_query_headers_and_json() {
    for vector in vectors()["requests"].as_array().unwrap() {
        let data = &vector["data"];
        let from_query = Cmcd::parse(&query_value(vector["query"].as_str().unwrap())).unwrap();
        assert_read(&from_query, data);
        let headers = vector["headers"].as_object().unwrap();
        let values = headers.values().map(|value| value.as_str().unwrap());
        assert_eq!(Cmcd::from_headers(values).unwrap(), from_query, "{vector}");
        let from_json = Cmcd::parse_json(data.to_string().as_bytes()).unwrap();
        assert_eq!(from_json[0].session_id, from_query.session_id);
        assert_eq!(from_json[0].bitrate_kbps, from_query.bitrate_kbps);
    }
}

#[test]
fn event_reports_are_read_line_by_line() {
    let vectors = vectors();
    let events = vectors["events"].as_array().unwrap();
    let lines: Vec<&str> = events.iter().map(|event| event["line"].as_str().unwrap()).collect();
    let records = Cmcd::parse_lines(&lines.join("\n")).unwrap();
    assert_eq!(records.len(), events.len());
    for (record, event) in records.iter().zip(events) {
        let data = &event["data"];
        assert_read(record, data);
        let kind = match data["e"].as_str().unwrap() {
            "ps" => CmcdEvent::PlayState,
            "e" => CmcdEvent::Error,
            "t" => CmcdEvent::TimeInterval,
            "bc" => CmcdEvent::BitrateChange,
            _ => CmcdEvent::ResponseReceived,
        };
        assert_eq!(record.event, Some(kind), "{data}");
        assert_eq!(record.at_ms, data["ts"].as_i64());
        assert_eq!(record.sequence, data["sn"].as_u64());
        assert_eq!(record.starvations.map(f64::from), number(data, "bsa"));
        assert_eq!(record.starved_ms.map(f64::from), number(data, "bsda"));
        assert_eq!(record.start_delay_ms.map(f64::from), number(data, "msd"));
        // What times a response stands in its report only.
        if kind == CmcdEvent::ResponseReceived {
            assert_eq!(record.status.map(f64::from), number(data, "rc"));
            assert_eq!(record.first_byte_ms.map(f64::from), number(data, "ttfb"));
            assert_eq!(record.last_byte_ms.map(f64::from), number(data, "ttlb"));
        }
        let playing = data["sta"].as_str() == Some("p");
        assert_eq!(record.state == Some(PlayerState::Playing), playing);
    }
}

#[test]
fn the_absurd_is_refused_with_its_key() {
    for (text, key) in [
        ("mtp=10000000000", "mtp"),
        ("mtp=-1", "mtp"),
        ("mtp=\"fast\"", "mtp"),
        ("mtp", "mtp"),
        ("mtp=()", "mtp"),
        ("mtp=(1 \"2\")", "mtp"),
        ("bl=-100", "bl"),
        ("bl=86400001", "bl"),
        ("br=1e9", ""),
        ("br=100000001", "br"),
        ("bs=1", "bs"),
        ("sid=5", "sid"),
        ("ts=-1", "ts"),
        ("ts=999999999999999", "ts"),
        ("v=0", "v"),
    ] {
        match Cmcd::parse(text) {
            Err(CmcdError::Value { key: refused, .. }) => assert_eq!(refused, key, "{text}"),
            Err(CmcdError::Syntax(_)) => assert_eq!(key, "", "{text}"),
            other => panic!("{text}: {other:?}"),
        }
    }
    let long_sid = format!("sid=\"{}\"", "a".repeat(65));
    assert!(matches!(Cmcd::parse(&long_sid), Err(CmcdError::Value { key: "sid", .. })));
    assert_eq!(Cmcd::parse_lines("bl=100\n\nbl=x y").unwrap_err().0, 1);
    assert!(Cmcd::parse_lines(&"bs\n".repeat(101)).is_err());
    assert!(Cmcd::parse_json(b"[1]").is_err());
    assert!(Cmcd::parse_json(&[b'['; 100_000]).is_err());
}

#[test]
fn an_absurd_value_of_a_key_from_which_nothing_follows_is_as_if_unsaid() {
    // As dash.js 5.2.1 reports a response.
    let said = "e=rr,ts=1795979582082,sid=\"s\",bl=(0;v 3900;a),mtp=(1300;a),bs,rc=200,v=2";
    let plain = Cmcd::parse(said).unwrap();
    assert_eq!((plain.buffer_ms, plain.starved, plain.status), (Some(3900), true, Some(200)));
    for absurd in [
        "ttfb=1795979579109",
        "ttlb=-1",
        "d=\"long\"",
        "dl=(1 \"2\")",
        "su=\"yes\"",
        "tb=-1",
        "cid=5",
    ] {
        assert_eq!(Cmcd::parse(&format!("{said},{absurd}")).unwrap(), plain, "{absurd}");
    }
    let no_status = Cmcd::parse("ot=a,rc=1000").unwrap();
    assert_eq!((no_status.status, no_status.object), (None, Some(ObjectType::Media)));
}

/// Bytes from a seed, bent towards what a record is made of: nothing may panic or hang, and what
/// is taken in is in its range.
#[test]
fn noise_is_an_error_or_a_record_in_range() {
    const PIECES: [&str; 24] = [
        "bl",
        "br",
        "mtp",
        "sid",
        "bs",
        "=",
        "=",
        "(",
        ")",
        ";",
        ",",
        ",",
        "\"",
        "\\",
        "-",
        "1",
        "999999999",
        ".",
        " ",
        ":",
        "@",
        "?1",
        "\u{e9}",
        "\n",
    ];
    let mut state = 0x5eed_u64;
    let mut next = |limit: usize| {
        state =
            state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(state >> 33).unwrap() % limit
    };
    for _ in 0..20_000 {
        let length = next(40);
        let text: String = (0..length).map(|_| PIECES[next(PIECES.len())]).collect();
        if let Ok(record) = Cmcd::parse(&text) {
            assert!(record.buffer_ms.is_none_or(|ms| ms <= 86_400_000), "{text:?}");
            assert!(record.throughput.is_none_or(|rate| rate.kbps() <= 1e8), "{text:?}");
        }
        let _ = Cmcd::parse_json(text.as_bytes());
    }
}
