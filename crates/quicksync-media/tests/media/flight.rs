//! Many requests, one encode; a bounded queue; nothing remembered that failed.

use std::num::NonZeroUsize;
use std::sync::Arc;
use std::sync::atomic::Ordering;

use futures_util::StreamExt as _;
use futures_util::future::join_all;
use quicksync_media::{Engine, EngineConfig, Listener, MediaError, Pressure};
use quicksync_model::{Codec, Quality, Rendition};

use crate::harness::{Synth, config, engine};

const TWENTY_SECONDS: usize = 20 * 48_000;

async fn settle() {
    for _ in 0..200 {
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn a_hundred_requests_are_one_encode() {
    let synth = Synth::music(48_000, TWENTY_SECONDS);
    let (engine, source) = (engine(&synth).await, synth.programme());
    let answers =
        join_all((0..100).map(|_| engine.segment(&source, Rendition::Opus(Quality::High), 2)))
            .await;
    let first = answers[0].as_ref().unwrap();
    assert!(answers.iter().all(|answer| answer.as_ref().is_ok_and(|bytes| bytes == first)));
    assert_eq!(synth.decodes(), 1);
    for quality in Quality::ALL {
        engine.segment(&source, Rendition::Opus(quality), 2).await.unwrap();
        engine.segment(&source, Rendition::Mp3(quality), 2).await.unwrap();
    }
    assert_eq!(synth.decodes(), 1, "one decode for all rungs");
    engine.segment(&source, Rendition::Opus(Quality::Low), 3).await.unwrap();
    assert_eq!(synth.decodes(), 2);
}

#[tokio::test]
async fn an_error_is_shared_by_those_who_waited_and_forgotten() {
    let synth = Synth::music(48_000, TWENTY_SECONDS);
    synth.failures.store(1, Ordering::SeqCst);
    let (engine, source) = (engine(&synth).await, synth.programme());
    let answers =
        join_all((0..10).map(|_| engine.segment(&source, Rendition::Opus(Quality::Low), 0))).await;
    let failed = answers.iter().filter(|answer| matches!(answer, Err(MediaError::Source(_))));
    assert!(failed.count() >= 1);
    assert!(engine.segment(&source, Rendition::Opus(Quality::Low), 0).await.is_ok());
    assert_eq!(engine.pressure(), Pressure { waiting: 0, running: 0, workers: 2 });
}

#[tokio::test]
async fn a_full_queue_turns_away_and_recovers() {
    let synth = Synth::gated(48_000, TWENTY_SECONDS);
    let config = EngineConfig { workers: NonZeroUsize::MIN, max_waiting: 1, ..config() };
    let engine = Engine::open(config, Arc::clone(&synth) as _).await.unwrap();
    let ask = |index| {
        let (engine, source) = (engine.clone(), synth.programme());
        tokio::spawn(
            async move { engine.segment(&source, Rendition::Opus(Quality::Low), index).await },
        )
    };
    let (running, waiting) = (ask(0), ask(1));
    settle().await;
    assert_eq!(engine.pressure(), Pressure { waiting: 1, running: 1, workers: 1 });
    let turned_away = ask(2).await.unwrap();
    assert!(matches!(turned_away, Err(MediaError::Overloaded { waiting: 1, workers: 1 })));
    synth.gate.add_permits(10);
    assert!(running.await.unwrap().is_ok() && waiting.await.unwrap().is_ok());
    assert!(ask(2).await.unwrap().is_ok());
}

#[tokio::test]
async fn a_dropped_request_leaves_the_queue_and_another_takes_over() {
    let synth = Synth::gated(48_000, TWENTY_SECONDS);
    let config = EngineConfig { workers: NonZeroUsize::MIN, ..config() };
    let engine = Engine::open(config, Arc::clone(&synth) as _).await.unwrap();
    let ask = |index| {
        let (engine, source) = (engine.clone(), synth.programme());
        tokio::spawn(
            async move { engine.segment(&source, Rendition::Opus(Quality::Low), index).await },
        )
    };
    let leader = ask(0);
    settle().await;
    let (follower, unwanted) = (ask(0), ask(1));
    settle().await;
    assert_eq!(engine.pressure().waiting, 1);
    unwanted.abort();
    leader.abort();
    settle().await;
    assert_eq!(engine.pressure().waiting, 0);
    synth.gate.add_permits(10);
    assert!(follower.await.unwrap().is_ok());
    assert_eq!(synth.decodes(), 1, "the work outlived who began it; nobody wanted segment 1");
}

#[tokio::test]
async fn the_next_segment_is_encoded_ahead_and_no_further() {
    let synth = Synth::music(48_000, TWENTY_SECONDS);
    let config = EngineConfig { encode_ahead: true, ..config() };
    let engine = Engine::open(config, Arc::clone(&synth) as _).await.unwrap();
    let source = synth.programme();
    engine.segment(&source, Rendition::Opus(Quality::Medium), 0).await.unwrap();
    while engine.cached(&source, Codec::Opus, 1).is_empty() {
        tokio::task::yield_now().await;
    }
    settle().await;
    assert_eq!(engine.cached(&source, Codec::Opus, 2), []);
    assert_eq!(synth.decodes(), 2);
    // The last segment has nothing after it.
    engine.segment(&source, Rendition::Opus(Quality::Medium), 5).await.unwrap();
    settle().await;
    assert_eq!(synth.decodes(), 3);
}

#[tokio::test]
async fn after_a_second_of_a_stream_the_next_segment_is_encoded_ahead() {
    let synth = Synth::music(48_000, TWENTY_SECONDS);
    let config = EngineConfig { encode_ahead: true, ..config() };
    let engine = Engine::open(config, Arc::clone(&synth) as _).await.unwrap();
    let source = synth.programme();
    let rendition = Rendition::Opus(Quality::Medium);
    let mut runs = engine.packets(&source, rendition, Some(0));
    for _ in 0..2 {
        runs.next().await.unwrap().unwrap();
    }
    while engine.cached(&source, Codec::Opus, 0).is_empty() {
        tokio::task::yield_now().await;
    }
    settle().await;
    let of_the_first = synth.decodes();
    runs.next().await.unwrap().unwrap();
    while engine.cached(&source, Codec::Opus, 1).is_empty() {
        tokio::task::yield_now().await;
    }
    assert_eq!(synth.decodes(), of_the_first + 1);
}

#[tokio::test]
async fn work_ahead_and_a_listener_who_wants_it_do_not_block_each_other() {
    let synth = Synth::music(48_000, TWENTY_SECONDS);
    let workers = NonZeroUsize::MIN;
    let config = EngineConfig { encode_ahead: true, workers, ..config() };
    let engine = Engine::open(config, Arc::clone(&synth) as _).await.unwrap();
    let source = synth.programme();
    for index in 0..5 {
        engine.segment(&source, Rendition::Opus(Quality::Low), index).await.unwrap();
    }
    assert_eq!(synth.decodes(), 5, "whoever came first, each segment is made once");
}

#[tokio::test]
async fn cached_says_which_rungs_cost_nothing() {
    let synth = Synth::music(48_000, TWENTY_SECONDS);
    let (engine, source) = (engine(&synth).await, synth.programme());
    for quality in [Quality::Ultra, Quality::Low] {
        engine.segment(&source, Rendition::Opus(quality), 1).await.unwrap();
    }
    assert_eq!(engine.cached(&source, Codec::Opus, 1), [Quality::Low, Quality::Ultra]);
    assert_eq!(engine.cached(&source, Codec::Opus, 0), []);
}

#[tokio::test]
async fn who_joins_the_work_of_a_greedy_listener_is_not_turned_away_with_it() {
    let synth = Synth::gated(48_000, TWENTY_SECONDS);
    let config = EngineConfig { workers: NonZeroUsize::MIN, max_waiting: 3, ..config() };
    let engine = Engine::open(config, Arc::clone(&synth) as _).await.unwrap();
    let ask = |listener, index| {
        let (engine, source) = (engine.on_behalf_of(Listener(listener)), synth.programme());
        tokio::spawn(
            async move { engine.segment(&source, Rendition::Opus(Quality::Low), index).await },
        )
    };
    let mut greedy = Vec::new();
    for index in 0..4 {
        greedy.push(ask(1, index));
        settle().await;
    }
    let joined = ask(2, 3);
    settle().await;
    // The queue is full: the newcomer's place is that of the greediest's last request.
    let newcomer = ask(3, 4);
    settle().await;
    let refused = greedy.pop().unwrap().await.unwrap();
    assert!(matches!(refused, Err(MediaError::Overloaded { .. })), "{refused:?}");
    synth.gate.add_permits(10);
    assert!(joined.await.unwrap().is_ok(), "that was not this listener's doing");
    assert!(newcomer.await.unwrap().is_ok());
    // Whoever joined took a place too, at the cost of the greediest's next request.
    let mut served = Vec::new();
    for request in greedy {
        served.push(request.await.unwrap().is_ok());
    }
    assert_eq!(served, [true, true, false]);
}
