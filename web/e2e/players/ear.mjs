// Hears what a page's player tells in CMCD, as it leaves the browser.

const HEADERS = ['cmcd-request', 'cmcd-object', 'cmcd-status', 'cmcd-session'];

/** Of a list, which has an item for each type of object (`(0;v 3900;a)`), the greatest. */
function single(value) {
  const [, list] = /^\((.*)\)$/.exec(value) ?? [];
  const items = (list === undefined ? [value] : list.split(' ')).map((item) => item.split(';')[0]);
  return items.toSorted((a, b) => Number(b) - Number(a))[0];
}

/** One record: `key=value` pairs. */
function read(text) {
  const pairs = text.match(/(?:"(?:[^"\\]|\\.)*"|[^,"])+/g) ?? [];
  const entries = pairs.map((pair) => {
    const [key, value = 'true'] = pair.trim().split(/=(.*)/s);
    return [key, single(value).replace(/^"(.*)"$/, '$1')];
  });
  return Object.fromEntries(entries);
}

export class Ear {
  /** What came with requests, and what in reports, in the order of leaving. */
  records = [];

  constructor(page) {
    page.on('request', (request) => this.#hear(request));
  }

  #hear(request) {
    if (request.method() === 'POST') {
      const lines = (request.postData() ?? '').split('\n').filter(Boolean);
      this.records.push(...lines.map((line) => ({ ...read(line), isReport: true })));
      return;
    }
    const headers = request.headers();
    const inHeaders = HEADERS.map((name) => headers[name]).filter(Boolean);
    const text = new URL(request.url()).searchParams.get('CMCD') ?? inHeaders.join(',');
    if (request.method() === 'GET' && text) this.records.push({ ...read(text), isReport: false });
  }
}
