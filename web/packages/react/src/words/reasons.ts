// The decision core's sentences in another language. The core says them in English, since they are part
// of its log; each is a head and, after a colon, clauses with numbers.

type Rule = readonly [pattern: RegExp, say: (...parts: string[]) => string];

const LEVELS: Readonly<Record<string, string>> = {
  low: 'niedrig',
  medium: 'mittel',
  high: 'hoch',
  ultra: 'ultra',
};
const level = (word = ''): string => LEVELS[word] ?? word;
const LOADS: Readonly<Record<string, string>> = {
  nominal: 'kaum',
  fair: 'mäßig',
  serious: 'stark',
  critical: 'aufs Äußerste',
};
const number = (text = ''): string => text.replace('.', ',');

const HEADS: readonly Rule[] = [
  [/^Starting at (\w+)$/, (to) => `Beginnt bei ${level(to)}`],
  [
    /^Starting at (\w+) instead of (\w+)$/,
    (to, not) => `Beginnt bei ${level(to)} statt ${level(not)}`,
  ],
  [/^Staying at (\w+)$/, (at) => `Bleibt bei ${level(at)}`],
  [/^Raised to (\w+)$/, (to) => `Steigt auf ${level(to)}`],
  [/^Dropped to (\w+)$/, (to) => `Sinkt auf ${level(to)}`],
  [/^Held at (\w+)$/, (at) => `Bleibt fest bei ${level(at)}`],
  [/^Limited to (\w+)$/, (to) => `Begrenzt auf ${level(to)}`],
  [/^Replacing (\w+) with (\w+)$/, (from, to) => `Ersetzt ${level(from)} durch ${level(to)}`],
  [/^Loading the next track at (\w+)$/, (at) => `Lädt den nächsten Titel in ${level(at)}`],
  [/^Gave up on a segment$/, () => 'Gibt ein Segment auf'],
  [/^Gave up on (\w+)$/, (at) => `Gibt ${level(at)} auf`],
  [/^Playing$/, () => 'Spielt'],
  [/^Going on$/, () => 'Spielt weiter'],
  [/^Waiting for a segment$/, () => 'Wartet auf ein Segment'],
  [/^Nothing to fetch$/, () => 'Nichts zu laden'],
  [/^Nothing is fetched before you press play$/, () => 'Vor dem Abspielen wird nichts geladen'],
  [/^Trying again soon$/, () => 'Versucht es bald noch einmal'],
];

const CLAUSES: readonly Rule[] = [
  [/^(\d+) kbps expected$/, (rate) => `${rate} kbit/s erwartet`],
  [/^([\d.]+) Mbps expected$/, (rate) => `${number(rate)} Mbit/s erwartet`],
  [/^(\d+) needed$/, (rate) => `${rate} nötig`],
  [/^([\d.]+) s of buffer$/, (time) => `${number(time)} s Puffer`],
  [/^(\d+) wanted$/, (time) => `${time} s gewünscht`],
  [/^(\d+) kbps arriving$/, (rate) => `nur ${rate} kbit/s kommen an`],
  [/^([\d.]+) s to go$/, (time) => `noch ${number(time)} s`],
  [/^failed (\d+) times?$/, (times) => `${times}-mal gescheitert`],
  [/^you chose it$/, () => 'so haben Sie es gewählt'],
  [/^your rules allow no more$/, () => 'Ihre Regeln erlauben nicht mehr'],
  [/^you moved elsewhere$/, () => 'Sie sind an eine andere Stelle gesprungen'],
  [/^everything is here$/, () => 'alles ist da'],
  [/^([\d.]+) MB of the data budget left$/, (size) => `${number(size)} MB des Datenbudgets übrig`],
  [
    /^this device is under (\w+) pressure$/,
    (how = '') => `dieses Gerät ist ${LOADS[how] ?? how} belastet`,
  ],
  [
    /^the server is busy \(CPU (\d+) %, memory (\d+) %\)$/,
    (cpu, memory) => `der Server ist beschäftigt (CPU ${cpu} %, Speicher ${memory} %)`,
  ],
  [
    /^the server is idle and you prefer quality$/,
    () => 'der Server ist frei, und Sie bevorzugen Qualität',
  ],
];

/** A comma within parentheses parts nothing. */
const BETWEEN_CLAUSES = /, (?![^(]*\))/;

function said(text: string, rules: readonly Rule[]): string | null {
  for (const [pattern, say] of rules) {
    const parts = pattern.exec(text);
    if (parts) return say(...parts.slice(1));
  }
  return null;
}

/** A sentence that is not known stays English. */
function german(sentence: string): string {
  const [head = '', ...rest] = sentence.split(': ');
  const clauses = rest.length > 0 ? rest.join(': ').split(BETWEEN_CLAUSES) : [];
  const parts = [said(head, HEADS), ...clauses.map((clause) => said(clause, CLAUSES))];
  if (parts.includes(null)) return sentence;
  const [first, ...others] = parts;
  return others.length > 0 ? `${first}: ${others.join(', ')}` : String(first);
}

/** Why something was decided, as the core or the server says it, in a language of the components. */
export const reasonIn = (language: 'en' | 'de', sentence: string): string =>
  language === 'de' ? german(sentence) : sentence;
