// Die Einstellungen, und was einem gehört.

import type { Words } from '../en.ts';
import { zahl } from './numbers.ts';

export const settings: Words['settings'] = {
  title: 'Einstellungen',
  tabs: {
    sound: 'Klang',
    network: 'Netz & Daten',
    speed: 'Tempo & Last',
    downloads: 'Downloads',
    appearance: 'Aussehen',
    account: 'Konto',
    tokens: 'API-Token',
    devices: 'Geräte',
    privacy: 'Privatsphäre',
    library: 'Bibliothek',
    users: 'Personen',
  },
  leveling: 'Lautstärke angleichen',
  levelingAbout:
    'Macht laute Musik leiser, damit ein Titel so laut ist wie der andere. Lauter wird nichts, damit nichts übersteuert.',
  levelings: { off: 'Nicht', track: 'Titel gleich laut', album: 'Alben gleich laut' },
  crossfade: {
    title: 'Überblenden',
    about: 'Lässt das Ende eines Titels unter dem Anfang des nächsten weiterklingen.',
    length: 'Dauer',
    lasting: (seconds) => (seconds === 0 ? 'aus: ohne Lücke verbunden' : `${seconds} s`),
    albums: 'Auch in Alben',
    albumsHint: 'Aus: Die Titel eines Albums gehen so ineinander über, wie sie gemacht sind.',
  },
  theme: 'Hell oder dunkel',
  language: 'Sprache',
  themes: { system: 'Wie das System', light: 'Hell', dark: 'Dunkel' },
  loggedInAs: (name) => `Sie sind angemeldet als ${name}.`,
  logOut: 'Abmelden',
  changePassword: 'Passwort ändern',
  currentPassword: 'Jetziges Passwort',
  newPassword: 'Neues Passwort',
  passwordChanged: 'Ihr Passwort ist geändert. Andere Browser wurden abgemeldet.',
  logins: 'Wo Sie angemeldet sind',
  thisBrowser: 'dieser Browser',
  end: 'Dort abmelden',
  tokensIntro:
    'Ein Token lässt ein anderes Programm Ihr Konto benutzen. Widerrufen Sie es, wenn es ' +
    'ausgedient hat.',
  tokenName: 'Wofür ist es?',
  createToken: 'Token anlegen',
  tokenOnce: 'Kopieren Sie das Token jetzt: Es wird nicht noch einmal gezeigt.',
  copy: 'Kopieren',
  copied: 'Kopiert',
  noTokens: 'Sie haben keine Token.',
  browseReference: 'Was ein Programm damit tun kann',
  revoke: 'Widerrufen',
  revokeOf: (name) => `${name} widerrufen`,
  lastUsed: (when) => `zuletzt benutzt ${when}`,
  noDevices: 'Noch hat kein Gerät etwas abgespielt.',
  thisDevice: 'dieses Gerät',
  forget: 'Vergessen',
  forgetOf: (name) => `${name} vergessen`,
  lastSeen: (when) => `zuletzt gesehen ${when}`,
  privacyIntro:
    'Was der Server über Sie aufbewahrt: Ihre Geräte, was von ihren Netzen gemessen wurde, und ' +
    'Ihre Vorlieben. Es verlässt diesen Server nie.',
  exportData: 'Alles exportieren',
  eraseData: 'Messungen und Geräte löschen',
  eraseQuestion:
    'Ihre Geräte, alles von ihnen Gemessene und Ihre Vorlieben löschen? Das lässt sich nicht ' +
    'rückgängig machen.',
  erased: 'Es ist gelöscht.',
  usersIntro:
    'Alle hier hören dieselbe Bibliothek und haben eigene Vorlieben und eigene Messungen.',
  administrator: 'Administrator',
  listener: 'Hörer',
  mayAdminister: 'Darf diesen Server verwalten',
  deleteUser: 'Löschen',
  deleteUserOf: (name) => `${name} löschen`,
  deleteUserQuestion: (name) =>
    `${name} und alles, was dazugehört, löschen? Das lässt sich nicht rückgängig machen.`,
  libraryIntro: 'Was der Server in seinen Musikordnern gefunden hat.',
  phases: {
    idle: () => 'Alle Dateien sind gelesen.',
    walking: (done) => `Durchsucht die Ordner: ${zahl(done)} Dateien.`,
    analysing: (done, total) =>
      `Liest die Dateien ganz, im Hintergrund: ${zahl(done)} von ${zahl(total)}.`,
  },
  watching: 'Neue Dateien erscheinen von selbst.',
  notWatching: 'Neue Dateien erscheinen mit dem nächsten regelmäßigen Durchgang.',
  rescan: 'Jetzt durchsuchen',
  problems: 'Dateien, die nicht lesbar waren',
  noProblems: 'Alle Dateien waren lesbar.',
};
