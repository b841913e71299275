// An offline store with everything around it fake, and a way to wait for a browser's database.

import { IDBFactory } from 'fake-indexeddb';

import { openOfflineStore, type OfflineOptions, type OfflineStore } from '../offline/index.ts';
import { FakeClock } from './fakeClock.ts';
import { FakeServer } from './fakeServer.ts';

const STEP_MS = 50;

/** Lets time pass; the database works beside it. */
export async function passing(clock: FakeClock, ms: number): Promise<void> {
  for (let passed = 0; passed < ms; passed += STEP_MS) {
    await clock.advance(STEP_MS);
    await turn();
  }
}

/** Lets time pass until `work` is done. */
export async function done<Result>(clock: FakeClock, work: Promise<Result>): Promise<Result> {
  let settled = false;
  work.then(
    () => (settled = true),
    () => (settled = true),
  );
  for (let steps = 0; !settled && steps < 1_000; steps += 1) {
    await clock.advance(STEP_MS);
    await turn();
  }
  return work;
}

/** The database of the tests takes a few turns of the event loop for an answer. */
async function turn(): Promise<void> {
  for (let turns = 0; turns < 12; turns += 1) await new Promise((next) => void setImmediate(next));
}

export interface OfflineStage {
  readonly clock: FakeClock;
  readonly server: FakeServer;
  readonly store: OfflineStore;
}

export async function offlineStage(
  options: Partial<OfflineOptions> = {},
  clock = new FakeClock(),
  server = new FakeServer(clock),
): Promise<OfflineStage> {
  server.warmUps = true;
  const indexedDB = new IDBFactory();
  const store = await openOfflineStore({
    baseUrl: 'http://server.test',
    fetch: server.fetch,
    clock,
    storage: null,
    indexedDB,
    ...options,
  });
  return { clock, server, store };
}
