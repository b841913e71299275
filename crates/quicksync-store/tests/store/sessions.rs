//! Playback sessions: each user's own, bounded, changed and told in one step.

use quicksync_model::NetworkKind;
use quicksync_store::{Retention, SessionEventRow, SessionRow, StoreError};
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
        qoe: None,
    }
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

    let change = |row: SessionRow| SessionRow {
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
    let seen = store.add_session_events((ann, new.id), &change, (&told, 2), Some("log")).await;
    assert_eq!(seen.unwrap(), Some(change(new.clone())));
    assert_eq!(store.session(ann, new.id).await.unwrap(), Some(change(new.clone())));
    assert_eq!(store.session_events(ann, new.id).await.unwrap(), told[..2], "the first are kept");
    assert_eq!(store.session_log(ann, new.id).await.unwrap().as_deref(), Some("log"));

    let totals = store.session_totals().await.unwrap();
    assert_eq!((totals.sessions, totals.stalls, totals.heard_ms), (1, 1, [6, 7, 8, 9]));
    assert_eq!((totals.bytes, totals.wasted_bytes, totals.switches), (10, 11, 3));

    let not_his = store.add_session_events((bob, new.id), &change, (&told, 9), None).await;
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
