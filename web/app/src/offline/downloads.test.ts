import { expect, test, vi } from 'vitest';

import { fakeShelf } from '../testing/fakeShelf.ts';
import { Downloads } from './downloads.ts';
import { wantsOf, type Wants } from './wants.ts';

const song = (id: string, album = 'One') => ({ id, title: `Track ${id}`, album });

async function open(shelf = fakeShelf(), wants: Wants | null = null) {
  const downloads = new Downloads(Promise.resolve(shelf), wants);
  await vi.waitFor(() => expect(downloads.state.status).toBe('ready'));
  const stages = () => downloads.state.tracks.map(({ track, stage }) => `${track.id} ${stage}`);
  return { shelf, downloads, stages };
}

test('a track waits, comes and is kept', async () => {
  const { shelf, downloads, stages } = await open();
  downloads.save([song('a'), song('b')], 'high');
  expect(stages()).toEqual(['a waiting', 'b waiting']);
  await vi.waitFor(() => expect(shelf.asked.length).toBe(2));
  const progress = { segments: 10, segmentsDone: 4, bytesDone: 400, bytesTotal: 1000 };
  shelf.asked[0]?.options.onProgress?.(progress as never);
  expect(downloads.find('a')).toMatchObject({ stage: 'coming', share: 0.4, bytes: 400 });
  shelf.asked[0]?.finish();
  await vi.waitFor(() => expect(stages()).toEqual(['b waiting', 'a kept']));
  expect(downloads.state.usage?.quotaBytes).toBe(1e10);
});

test('asked for twice, it is fetched once', async () => {
  const { shelf, downloads } = await open();
  downloads.save([song('a')], 'high');
  downloads.save([song('a')], 'high');
  await vi.waitFor(() => expect(shelf.asked.length).toBe(1));
  shelf.asked[0]?.finish();
  await vi.waitFor(() => expect(downloads.find('a')?.stage).toBe('kept'));
  downloads.save([song('a')], 'high');
  await Promise.resolve();
  expect(shelf.asked.length).toBe(1);
});

test('one that is stopped on its way is gone, and its transfer ends', async () => {
  const { shelf, downloads, stages } = await open();
  downloads.save([song('a')], 'high');
  await vi.waitFor(() => expect(shelf.asked.length).toBe(1));
  downloads.remove(['a']);
  expect(stages()).toEqual([]);
  expect(shelf.asked[0]?.options.signal?.aborted).toBe(true);
});

test('a failure says why and can be tried again', async () => {
  const { shelf, downloads, stages } = await open();
  downloads.save([song('a')], 'high');
  await vi.waitFor(() => expect(shelf.asked.length).toBe(1));
  shelf.asked[0]?.fail(new Error('There is no room left.'));
  await vi.waitFor(() => expect(stages()).toEqual(['a failed']));
  expect(downloads.find('a')?.problem).toBe('There is no room left.');
  downloads.retry();
  await vi.waitFor(() => expect(shelf.asked.length).toBe(2));
  shelf.asked[1]?.finish();
  await vi.waitFor(() => expect(stages()).toEqual(['a kept']));
});

test('what was unfinished when the page was left goes on', async () => {
  const shelf = fakeShelf();
  shelf.put({ track: song('a'), complete: false, quality: 'medium' });
  await open(shelf);
  await vi.waitFor(() => expect(shelf.asked.length).toBe(1));
  expect(shelf.asked[0]).toMatchObject({ track: { id: 'a' }, quality: 'medium' });
});

test('what still waited when the page was left is asked for again, until it is there or unwanted', async () => {
  const wants = wantsOf('ada', localStorage);
  const first = await open(fakeShelf(), wants);
  first.downloads.save([song('a'), song('b')], 'low');
  first.downloads.remove(['b']);
  const { shelf, downloads } = await open(fakeShelf(), wants);
  await vi.waitFor(() => expect(shelf.asked.map(({ track }) => track.id)).toEqual(['a']));
  expect(shelf.asked[0]?.quality).toBe('low');
  shelf.asked[0]?.finish();
  await vi.waitFor(() => expect(downloads.find('a')?.stage).toBe('kept'));
  expect(wants.read()).toEqual([]);
  localStorage.setItem('quicksync.wanted.ada', '{');
  expect(wants.read()).toEqual([]);
});

test('better copies are fetched of those that can have one; the old ones stay meanwhile', async () => {
  const shelf = fakeShelf();
  shelf.put({ track: song('low'), quality: 'low' });
  shelf.put({ track: song('best'), quality: 'low', best: true });
  shelf.put({ track: song('ultra'), quality: 'ultra' });
  const { downloads } = await open(shelf);
  downloads.upgrade('high');
  await vi.waitFor(() => expect(shelf.asked.map(({ track }) => track.id)).toEqual(['low']));
  expect(downloads.find('low')).toMatchObject({ stage: 'kept', quality: 'low' });
  shelf.asked[0]?.finish();
  await vi.waitFor(() => expect(downloads.find('low')?.quality).toBe('high'));
});

test('albums stay together, the one kept last first', async () => {
  const shelf = fakeShelf();
  for (const [id, album] of [
    ['a1', 'A'],
    ['b1', 'B'],
    ['a2', 'A'],
    ['b2', 'B'],
  ] as const) {
    shelf.put({ track: song(id, album) });
  }
  const { downloads } = await open(shelf);
  expect(downloads.state.tracks.map(({ track }) => track.id)).toEqual(['b1', 'b2', 'a1', 'a2']);
});

test('a browser that keeps nothing says so', async () => {
  const downloads = new Downloads(Promise.reject(new Error('private')));
  await vi.waitFor(() => expect(downloads.state.status).toBe('missing'));
  downloads.save([song('a')], 'high');
  expect(downloads.find('a')?.stage).toBe('waiting');
});
