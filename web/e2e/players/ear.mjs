// Hears what a page's player tells in CMCD, as it leaves the browser.

const SEGMENT = /\/segments\/[^/]+\/\w+\/\d+\.m4s/;
const HEADERS = ['cmcd-request', 'cmcd-object', 'cmcd-status', 'cmcd-session'];

/** One record: `key=value` pairs, a value alone in a list as the value itself. */
function read(text) {
  const pairs = text.match(/(?:"(?:[^"\\]|\\.)*"|[^,"])+/g) ?? [];
  const entries = pairs.map((pair) => {
    const [key, value = 'true'] = pair.trim().split(/=(.*)/s);
    const single = value.replace(/^\((.*)\)$/, '$1').split(';')[0];
    return [key, single.replace(/^"(.*)"$/, '$1')];
  });
  return Object.fromEntries(entries);
}

export class Ear {
  /** What came with requests for segments, and in reports; in the order of leaving. */
  records = [];
  reports = [];

  constructor(page) {
    page.on('request', (request) => this.#hear(request));
  }

  #hear(request) {
    if (request.method() === 'POST') {
      for (const line of (request.postData() ?? '').split('\n').filter(Boolean)) {
        this.reports.push(read(line));
      }
    }
    const url = new URL(request.url());
    if (request.method() !== 'GET' || !SEGMENT.test(url.pathname)) return;
    const headers = request.headers();
    const inHeaders = HEADERS.map((name) => headers[name]).filter(Boolean);
    const text = url.searchParams.get('CMCD') ?? inHeaders.join(',');
    if (text) this.records.push(read(text));
  }
}
