// Tells a server of playback sessions as players would: for pages that show what listening adds up to.

const PREFIX = '/api/audio/quick-sync';
const LADDER = ['low', 'medium', 'high', 'ultra'];
const KBPS = { low: 64, medium: 128, high: 256, ultra: 320 };
const SEGMENT_MS = 3840;

/** Evenings of somebody who listens at home, on the way and in a tunnel. */
const SESSIONS = [
  { kind: 'wifi', device: 1, player: 'quicksync-web 0.1', rungs: 'hhuuuuuuuuuuuuuuuu' },
  { kind: 'wifi', device: 1, player: 'quicksync-web 0.1', rungs: 'muuuuuuuuuuuuu' },
  { kind: 'cellular', device: 2, player: 'quicksync-web 0.1', rungs: 'lmmmmhhhhhmmmm', wasted: 2 },
  {
    kind: 'cellular',
    device: 2,
    player: 'quicksync-web 0.1',
    rungs: 'llllmmmllll',
    stall_ms: 2400,
  },
  { kind: 'ethernet', device: 3, player: 'mpv 0.38 (CMCD)', rungs: 'uuuuuuuuuuuuuuuuuuuu' },
  { kind: 'unknown', device: 3, player: 'hls.js 1.7', rungs: 'mmhhmmhhhh', startup_ms: 1900 },
];

/** A UUID that ends with this number. */
const uuid = (number) => `00000000-0000-4000-8000-${String(number).padStart(12, '0')}`;

/** What happened in it, in the order in which it did. */
function eventsOf({ rungs, stall_ms: stall, startup_ms: startup = 420, wasted = 0 }) {
  const events = [{ type: 'startup', duration_ms: startup }];
  let before = null;
  for (const letter of rungs) {
    const quality = LADDER.find((name) => name.startsWith(letter));
    if (before && before !== quality) events.push({ type: 'switch', from: before, to: quality });
    const bytes = (KBPS[quality] * SEGMENT_MS) / 8;
    events.push({ type: 'fetched', bytes }, { type: 'heard', quality, duration_ms: SEGMENT_MS });
    before = quality;
  }
  if (stall) events.splice(6, 0, { type: 'stall', duration_ms: stall });
  for (let i = 0; i < wasted; i += 1) events.push({ type: 'wasted', bytes: 30_720 });
  return [...events, { type: 'end' }];
}

const LOG = [
  'quicksync-decision-log 2',
  '> fetch 1 0 low first 64 # Starting at low: nothing is known of the network yet',
  '> play ready 3.8 # Playing: 410 kbps expected, 3.8 s of buffer',
  '> fetch 1 1 medium up 128 410 # Up to medium: 410 kbps expected, 128 needed',
  '> fetch 1 2 high up 256 690 # Up to high: 690 kbps expected, 256 needed',
  '',
].join('\n');

/** `api` is a request context of someone who is logged in; answers the sessions' ids. */
export async function tellOfListening(api, url) {
  const headers = { origin: url };
  const post = async (path, data, more = {}) => {
    const answer = await api.post(`${url}${PREFIX}${path}`, {
      data,
      headers: { ...headers, ...more },
    });
    if (!answer.ok()) throw new Error(`${path}: ${answer.status()} ${await answer.text()}`);
    return answer.json();
  };
  const { results: tracks } = await (await api.get(`${url}/api/tracks/`)).json();
  const ids = [];
  for (const [at, session] of SESSIONS.entries()) {
    const { kind, device, player } = session;
    const track_id = tracks[at % tracks.length]?.id;
    const started = await post(
      '/sessions/',
      { player, network_kind: kind, ...(track_id ? { track_id } : {}) },
      { 'X-Quick-Sync-Device': uuid(device) },
    );
    ids.push(started.id);
    await post(`/sessions/${started.id}/events/`, { events: eventsOf(session), decision_log: LOG });
  }
  return ids;
}
