//! Playback sessions: each user's own, bounded, changed and told in one step.

use quicksync_model::NetworkKind;
use quicksync_store::{
    HindsightRow, LogPart, Retention, SessionEventRow, SessionReportRow, SessionRow, StoreError,
};
use uuid::Uuid;

use crate::empty_store;
use crate::samples::user;

fn session(user_id: Uuid, id: u128, started_us: i64) -> SessionRow {
    SessionRow {
        id: Uuid::from_u128(id),
        user_id,
        device_id: Uuid::from_u128(1),
        track_id: Some(Uuid::from_u128(9)),
        player: "radio".into(),
        network_kind: NetworkKind::Cellular,
        started_us,
        updated_us: started_us,
        ended_us: None,
        startup_ms: None,
        stalls: 0,
        stalled_ms: 0,
        switches: 0,
        abandons: 0,
        seeks: 0,
        heard_ms: [0; 4],
        bytes: 0,
        wasted_bytes: 0,
        switch_cost: 0.0,
        events_taken: 0,
        qoe: None,
        hindsight: None,
    }
}

fn report(events: &[SessionEventRow]) -> SessionReportRow<'_> {
    SessionReportRow { events, keep: 2, ..SessionReportRow::default() }
}

fn event(at_us: i64) -> SessionEventRow {
    SessionEventRow { at_us, kind: "seek".into(), detail: "{}".into() }
}

#[tokio::test]
async fn a_session_is_kept_whole_and_is_its_users_own() {
    let store = empty_store().await;
    let [ann, bob] = [user(&store, "ann").await.id, user(&store, "bob").await.id];
    let new = session(ann, 5, 10);
    assert_eq!(store.start_session(&new, 9).await.unwrap(), new);
    let again = SessionRow { player: "other".into(), ..new.clone() };
    assert_eq!(store.start_session(&again, 9).await.unwrap(), new, "it is there already");
    let stolen = store.start_session(&session(bob, 5, 10), 9).await;
    assert!(matches!(stolen, Err(StoreError::Conflict(_))));

    let change = |row: SessionRow, _| SessionRow {
        updated_us: 70,
        ended_us: Some(70),
        startup_ms: Some(4),
        stalls: 1,
        stalled_ms: 2,
        switches: 3,
        abandons: 4,
        seeks: 5,
        heard_ms: [6, 7, 8, 9],
        bytes: 10,
        wasted_bytes: 11,
        switch_cost: 0.5,
        qoe: Some(-0.25),
        ..row
    };
    let told = [event(20), event(30), event(40)];
    let part = LogPart { at_byte: 0, text: "log" };
    let telling = SessionReportRow { log: Some(part), ..report(&told) };
    let seen = store.add_session_events((ann, new.id), &change, telling).await;
    let changed = SessionRow { events_taken: 3, ..change(new.clone(), 0) };
    assert_eq!(seen.unwrap(), Some(changed.clone()));
    assert_eq!(store.session(ann, new.id).await.unwrap(), Some(changed));
    assert_eq!(store.session_events(ann, new.id).await.unwrap(), told[..2], "the first are kept");
    assert_eq!(store.session_log(ann, new.id).await.unwrap().as_deref(), Some("log"));

    let totals = store.session_totals().await.unwrap();
    assert_eq!((totals.sessions, totals.stalls, totals.heard_ms), (1, 1, [6, 7, 8, 9]));
    assert_eq!((totals.bytes, totals.wasted_bytes, totals.switches), (10, 11, 3));

    let not_his = store.add_session_events((bob, new.id), &change, report(&told)).await;
    assert_eq!(not_his.unwrap(), None);
    assert_eq!(store.session(bob, new.id).await.unwrap(), None);
    assert_eq!(store.session_events(bob, new.id).await.unwrap(), []);
    assert_eq!(store.session_log(bob, new.id).await.unwrap(), None);
}

#[tokio::test]
async fn the_oldest_sessions_make_room_and_age_out() {
    let store = empty_store().await;
    let [ann, bob] = [user(&store, "ann").await.id, user(&store, "bob").await.id];
    store.start_session(&session(bob, 99, 1), 3).await.unwrap();
    for number in 0..5 {
        let started = i64::try_from(number).unwrap();
        store.start_session(&session(ann, number, started), 3).await.unwrap();
    }
    let starts = |rows: Vec<SessionRow>| rows.iter().map(|row| row.started_us).collect::<Vec<_>>();
    let all = store.sessions(ann, (0, 9), 99).await.unwrap();
    assert_eq!(starts(all), [4, 3, 2]);
    assert_eq!(starts(store.sessions(ann, (3, 4), 99).await.unwrap()), [3]);
    let old = Retention { history_before_us: 4, usage_before_day: 0 };
    store.forget_older(old).await.unwrap();
    assert_eq!(starts(store.sessions(ann, (0, 9), 99).await.unwrap()), [4]);
    store.start_session(&session(bob, 98, 7), 3).await.unwrap();
    store.delete_user_data(ann).await.unwrap();
    assert_eq!(starts(store.sessions(ann, (0, 9), 99).await.unwrap()), []);
    assert_eq!(starts(store.sessions(bob, (0, 9), 99).await.unwrap()), [7]);
}

#[tokio::test]
async fn a_report_told_again_changes_nothing_more() {
    let store = empty_store().await;
    let ann = user(&store, "ann").await.id;
    let new = session(ann, 5, 10);
    store.start_session(&new, 9).await.unwrap();
    let told: Vec<_> = (0..4).map(event).collect();
    let seek = |row: SessionRow, known: usize| {
        let fresh = u32::try_from(told.len() - known).unwrap();
        SessionRow { seeks: row.seeks + fresh, ..row }
    };
    // By which number the report begins, and what is taken in then.
    for (first, taken) in
        [(Some(0), 4), (Some(0), 4), (Some(2), 6), (Some(1), 6), (None, 10), (Some(20), 24)]
    {
        let telling = SessionReportRow { first, keep: 99, ..report(&told) };
        let seen = store.add_session_events((ann, new.id), &seek, telling).await.unwrap().unwrap();
        assert_eq!(seen.events_taken, taken, "{first:?}");
    }
    let seen = store.session(ann, new.id).await.unwrap().unwrap();
    assert_eq!(seen.seeks, 4 + 2 + 4 + 4);
    assert_eq!(store.session_events(ann, new.id).await.unwrap().len(), 14);
}

#[tokio::test]
async fn a_log_grows_by_parts_that_may_come_twice() {
    let store = empty_store().await;
    let ann = user(&store, "ann").await.id;
    let new = session(ann, 5, 10);
    store.start_session(&new, 9).await.unwrap();
    let same = |row: SessionRow, _| row;
    for (at_byte, text, expected) in [
        (0, "one ", Ok("one ")),
        (4, "two ", Ok("one two ")),
        (4, "two ", Ok("one two ")),
        (9, "late", Err(())),
        (8, "caf\u{e9}", Ok("one two caf\u{e9}")),
        (12, "within a character", Err(())),
        (0, "new", Ok("new")),
    ] {
        let telling = SessionReportRow { log: Some(LogPart { at_byte, text }), ..report(&[]) };
        let told = store.add_session_events((ann, new.id), &same, telling).await;
        let kept = store.session_log(ann, new.id).await.unwrap().unwrap_or_default();
        match expected {
            Ok(expected) => assert_eq!(kept, expected),
            Err(()) => assert!(matches!(told, Err(StoreError::Gap(_))), "{told:?}"),
        }
    }
}

#[tokio::test]
async fn a_session_waits_to_be_compared_until_it_was_and_again_after_more_happened() {
    let store = empty_store().await;
    let ann = user(&store, "ann").await.id;
    let (open, quiet) = (session(ann, 1, 50), session(ann, 2, 10));
    for row in [&open, &quiet] {
        store.start_session(row, 9).await.unwrap();
    }
    let waiting = async || store.session_to_compare(20).await.unwrap().map(|row| row.id);
    assert_eq!(waiting().await, Some(quiet.id), "nothing was heard of it for long");
    let compared = HindsightRow { outcome: "compared".into(), distance: Some((0.25, 0.5)) };
    store.put_hindsight(&quiet, &compared).await.unwrap();
    assert_eq!(waiting().await, None, "the other one still lasts");
    let seen = store.session(ann, quiet.id).await.unwrap().unwrap();
    assert_eq!(seen.hindsight, Some(compared.clone()));

    let end = |row: SessionRow, _| SessionRow { ended_us: Some(60), updated_us: 60, ..row };
    let told = [event(60)];
    let ended = store.add_session_events((ann, open.id), &end, report(&told)).await;
    let ended = ended.unwrap().unwrap();
    assert_eq!(waiting().await, Some(open.id));
    store.put_hindsight(&open, &compared).await.unwrap();
    assert_eq!(waiting().await, Some(open.id), "it has changed since it was looked at");
    store.put_hindsight(&ended, &compared).await.unwrap();
    assert_eq!(waiting().await, None);
    store.add_session_events((ann, open.id), &end, report(&told)).await.unwrap();
    assert_eq!(waiting().await, Some(open.id), "more has happened");
}
