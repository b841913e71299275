// Alles, was die App selbst sagt, auf Deutsch.

import { reasonIn } from '@quicksync/react';

import { komma, zahl } from './de/numbers.ts';
import { analytics } from './de/analytics.ts';
import { devices } from './de/devices.ts';
import { downloads } from './de/downloads.ts';
import { failures, problemText } from './de/errors.ts';
import { network } from './de/network.ts';
import { offline } from './de/offline.ts';
import { sound } from './de/sound.ts';
import { settings } from './de/settings.ts';
import { speed } from './de/speed.ts';
import { stats } from './de/stats.ts';
import { whatIf } from './de/whatIf.ts';
import type { Words } from './en.ts';

const plural = (count: number, one: string, many: string): string =>
  `${zahl(count)} ${count === 1 ? one : many}`;

export const de: Words = {
  name: 'Quick Sync',
  nav: {
    label: 'Hauptmenü',
    albums: 'Alben',
    artists: 'Interpreten',
    tracks: 'Titel',
    search: 'Suche',
    queue: 'Warteschlange',
    offline: 'Offline',
    settings: 'Einstellungen',
    stats: 'Wiedergabe',
    analytics: 'Hörverlauf',
    reference: 'API',
    house: 'Server und Einstellungen',
    skip: 'Zur Musik springen',
    more: 'Mehr',
  },
  time: {
    justNow: 'gerade eben',
    minutes: (count) => `${count} Min.`,
    hours: (hours, minutes) => `${hours} Std. ${minutes} Min.`,
  },
  errors: {
    unreachable: 'Der Server ist nicht erreichbar. Läuft er, und sind Sie online?',
    server: 'Auf dem Server ist ein Fehler aufgetreten; sein Protokoll nennt den Grund.',
    refused: 'Der Server hat diese Anfrage abgelehnt.',
    problem: problemText,
    retry: 'Noch einmal versuchen',
    notFound: 'Unter dieser Adresse gibt es nichts.',
    home: 'Zurück zu den Alben',
    crash: 'Auf dieser Seite ist ein Fehler aufgetreten. Neu laden hilft meistens.',
  },
  auth: {
    login: 'Anmelden',
    loginIntro: 'Ihre Musik, in der besten Qualität, die nie stockt.',
    name: 'Name',
    password: 'Passwort',
    show: 'Passwort zeigen',
    hide: 'Passwort verbergen',
    ended: 'Ihre Anmeldung ist abgelaufen. Melden Sie sich wieder an.',
    setup: 'Quick Sync einrichten',
    setupIntro: 'Wählen Sie Name und Passwort des ersten Kontos. Es verwaltet diesen Server.',
    create: 'Konto anlegen',
    passwordRule: 'Mindestens 8 Zeichen.',
    repeat: 'Passwort wiederholen',
    mismatch: 'Die beiden Passwörter sind verschieden.',
    noSecret:
      'Diese Seite braucht den ganzen Link, den der Server beim Start ausgegeben hat, mit allem ' +
      'hinter dem #.',
    setupDone: 'Gibt es schon ein Konto? Dann melden Sie sich an.',
  },
  library: {
    albums: (count) => plural(count, 'Album', 'Alben'),
    tracks: (count) => plural(count, 'Titel', 'Titel'),
    artists: (count) => plural(count, 'Interpret', 'Interpreten'),
    play: 'Abspielen',
    playAll: 'Alle abspielen',
    addToQueue: 'An die Warteschlange anhängen',
    playNext: 'Als Nächstes spielen',
    goToAlbum: 'Zum Album',
    goToArtist: 'Zum Interpreten',
    actions: (title) => `Mehr zu ${title}`,
    playTrack: (title) => `${title} abspielen`,
    playAlbum: (title) => `Das Album ${title} abspielen`,
    disc: (number) => `CD ${number}`,
    unknownArtist: 'Unbekannter Interpret',
    unknownAlbum: 'Kein Album',
    sort: 'Reihenfolge',
    sorts: { album: 'Nach Album', title: 'Nach Titel', added: 'Neueste zuerst' },
    albumSorts: { artist: 'Nach Interpret', title: 'Nach Titel', added: 'Neueste zuerst' },
    loading: 'Lädt',
    empty: 'Noch keine Musik',
    emptyHow:
      'Quick Sync spielt die Ordner, mit denen es gestartet wurde. Legen Sie Musik in einen davon, ' +
      'dann erscheint sie hier von selbst, oder starten Sie den Server mit einem anderen Ordner:',
    emptyCommand: 'quicksync serve --music ~/Musik',
    emptyProblems: 'Es sind Dateien da, aber nichts erscheint? Sehen Sie, was nicht lesbar war.',
  },
  search: {
    label: 'Titel, Alben und Interpreten suchen',
    placeholder: 'Titel, Album, Interpret',
    hint: 'Tippen Sie ein paar Buchstaben eines Titels, Albums oder Interpreten.',
    none: (text) => `Nichts passt zu „${text}“.`,
    found: (count) => plural(count, 'Treffer', 'Treffer'),
    all: {
      albums: (count) => (count === 1 ? '1 Album' : `Alle ${zahl(count)} Alben`),
      artists: (count) => (count === 1 ? '1 Interpret' : `Alle ${zahl(count)} Interpreten`),
    },
    back: 'Zurück zu allen Treffern',
  },
  queue: {
    title: 'Warteschlange',
    empty: 'Die Warteschlange ist leer',
    emptyHow: 'Spielen Sie ein Album oder hängen Sie einen Titel an, dann steht hier, was folgt.',
    now: 'Jetzt',
    next: 'Danach',
    before: 'Gespielt',
    remove: (title) => `${title} aus der Warteschlange nehmen`,
    up: (title) => `${title} nach oben`,
    down: (title) => `${title} nach unten`,
    shuffle: 'Rest mischen',
    clear: 'Rest entfernen',
  },
  player: {
    label: 'Player',
    play: 'Abspielen',
    pause: 'Pause',
    next: 'Nächster Titel',
    previous: 'Voriger Titel',
    seek: 'Stelle im Titel',
    volume: 'Lautstärke',
    mute: 'Stumm schalten',
    unmute: 'Ton an',
    queue: 'Warteschlange zeigen',
    open: 'Player öffnen',
    close: 'Schließen',
    nothing: 'Es spielt nichts',
    position: (now, end) => `${now} von ${end}`,
    nowPlaying: (title, artist) =>
      artist ? `Es spielt ${title} von ${artist}` : `Es spielt ${title}`,
    stalled: 'Wartet auf das Netz',
    missing: 'Der Player konnte nicht geladen werden. Laden Sie die Seite neu.',
    failures,
    recovered: 'Das Netz ist wieder da.',
    retry: 'Noch einmal versuchen',
    dismiss: 'Schließen',
  },
  quality: {
    names: { low: 'Niedrig', medium: 'Mittel', high: 'Hoch', ultra: 'Ultra' },
    auto: 'Auto',
    held: 'Fest',
    mode: 'Qualität',
    modes: {
      auto: 'Folgt dem Netz',
      low: 'Am wenigsten Daten',
      medium: 'Ausgewogen',
      high: 'Für fast alle Ohren das Beste',
      ultra: 'Jede Einzelheit',
    },
    badge: (name, codec, kbps) => `${name} · ${codec} ${kbps}`,
    badgeLabel: (badge, chosen) =>
      `Qualität ${badge}, ${
        {
          auto: 'automatisch gewählt',
          held: 'von Ihnen festgehalten',
          track: 'nur für diesen Titel',
        }[chosen]
      }. Warum?`,
    track: 'Dieser Titel',
    none: 'Qualität',
    ...sound,
    why: 'Warum',
    reason: (sentence) => reasonIn('de', sentence),
    noDecision: 'Es ist noch nichts entschieden: Spielen Sie etwas.',
    fromPosition: (quality, time) => `${quality} ist ab ${time} zu hören`,
    throughput: 'Durchsatz',
    buffered: 'Gepuffert',
    stalls: 'Aussetzer',
    none_yet: 'noch nicht gemessen',
    stallsOf: (count, total) =>
      count === 0 ? 'keine' : `${count}, zusammen ${total.replace('.', ',')} s`,
    rate: (kbps) => (kbps >= 1000 ? `${komma(kbps / 1000)} Mbit/s` : `${Math.round(kbps)} kbit/s`),
    ahead: (seconds, most) => `${seconds} von ${most} s`,
    settings: 'Alle Einstellungen',
    stats: 'Wie es lief',
  },
  offline,
  stats,
  settings,
  network,
  speed,
  downloads,
  devices,
  analytics,
  whatIf,
  reference: {
    title: 'API',
    intro: 'Alles, was diese App tut, kann auch ein anderes Programm.',
    filter: 'Operationen filtern',
    parameters: 'Parameter',
    body: 'Anfrage',
    responses: 'Antworten',
    required: 'nötig',
    send: 'Senden',
    answer: 'Antwort',
    try: 'Ausprobieren',
    download: 'OpenAPI-Dokument',
    none: 'Keine Operation passt.',
    access: {
      public: 'alle',
      user: 'Benutzer',
      admin: 'Administrator',
      media: 'Benutzer und Medien-Tickets',
    },
  },
  shortcuts: {
    title: 'Tastatur',
    help: 'Tastenkürzel',
    list: [
      ['Leertaste', 'Abspielen oder Pause'],
      ['← →', '5 Sekunden zurück oder vor'],
      ['↑ ↓', 'Lauter oder leiser'],
      ['n', 'Nächster Titel'],
      ['p', 'Voriger Titel'],
      ['m', 'Stumm'],
      ['/', 'Suche'],
      ['q', 'Warteschlange'],
      ['?', 'Diese Liste'],
    ],
  },
};
