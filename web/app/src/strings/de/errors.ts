// Was der Server ablehnt und woran der Player scheitert: beide sagen es auf Englisch, mit einem festen Wort.

import type { Words } from '../en.ts';

/** Nach Wort, oder nach Wort und Feld der Anfrage. */
const PROBLEMS: Readonly<Record<string, string>> = {
  wrong_password: 'Der Name oder das Passwort ist falsch.',
  'forbidden current_password': 'Das jetzige Passwort ist falsch.',
  'invalid_field name': 'So darf ein Name nicht lauten.',
  'invalid_field password': 'So darf ein Passwort nicht lauten: mindestens 8 Zeichen.',
  'invalid_field new_password': 'So darf ein Passwort nicht lauten: mindestens 8 Zeichen.',
  'conflict name': 'Diesen Namen gibt es schon.',
  setup_void: 'Dieser Link gilt nicht mehr. Der Server zeigt beim Start einen neuen.',
  rate_limited: 'Zu viele Versuche. Warten Sie einen Augenblick.',
  unauthenticated: 'Melden Sie sich an.',
  forbidden: 'Das dürfen nur Administratoren.',
  not_found: 'Das gibt es hier nicht, oder nicht mehr.',
  overloaded: 'Der Server hat mehr zu tun, als er schafft. Versuchen Sie es gleich noch einmal.',
  timeout: 'Der Server hat zu lange gebraucht. Versuchen Sie es gleich noch einmal.',
  disk_full: 'Auf dem Server ist kein Platz mehr.',
  track_unavailable: 'Die Datei dieses Titels ist gerade nicht zu erreichen.',
  unplayable: 'Dieser Titel lässt sich nicht abspielen.',
  internal: 'Auf dem Server ist ein Fehler aufgetreten; sein Protokoll nennt den Grund.',
};

export const problemText: Words['errors']['problem'] = (code, field) =>
  PROBLEMS[`${code} ${field}`] ?? PROBLEMS[code] ?? null;

export const failures: Words['player']['failures'] = {
  offline: 'Der Server ist nicht zu erreichen; es wird weiter versucht.',
  blocked: 'Der Browser möchte, dass Sie auf Abspielen drücken, bevor etwas zu hören ist.',
  unauthorized: 'Der Server möchte, dass Sie sich wieder anmelden.',
  unavailable: 'Der Server hat diesen Titel nicht, oder nicht mehr.',
  unsupported: 'Dieser Browser kann diese Musik nicht abspielen.',
  decode: 'Der Browser kann diesen Titel nicht dekodieren.',
};
