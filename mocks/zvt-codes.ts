import type { Answer } from './messages.ts';

/** The result code of each outcome (PA00P015 rev. 13.08, chapter 10). */
const codes: Readonly<Record<Answer['outcome'], number>> = {
  done: 0x00,
  declined: 0x05,
  cancelled: 0x6c,
  'already-voided': 0xb4,
  'nothing-to-void': 0xb5,
  'debit-card': 0xb5,
  'void-not-allowed': 0xb5,
  // There is no code for it: FF, and the text says what it is.
  empty: 0xff,
  'batch-full': 0xb1,
  'amount-below-minimum': 0xc8,
  'amount-zero': 0xc8,
  'amount-malformed': 0xc8,
  'ticket-malformed': 0xff,
};

/** What stands on the display beside a code. */
const texts: Readonly<Record<number, string>> = {
  5: 'Zahlung abgelehnt',
  108: 'Abbruch durch Kunde',
  119: 'Kassenschnitt nicht möglich',
  155: 'Keine Verbindung zum Host',
  177: 'Speicher voll',
  180: 'Bereits storniert',
  181: 'Storno nicht möglich',
  183: 'Betrag ungültig',
  184: 'Keine offene Vorautorisierung',
  200: 'Betrag zu klein',
  240: 'Kassenschnitt durchführen',
  255: 'Kein Beleg vorhanden',
};

const other = 0xff;

/** Two hexadecimal digits; what is no code is told as FF. */
export const codeFrom = (digits: string): number =>
  /^[0-9A-Fa-f]{2}$/.test(digits) ? Number.parseInt(digits, 16) : other;

export const codeOf = ({ code, outcome }: Answer): number =>
  code === undefined ? codes[outcome] : codeFrom(code);

export const textOf = (code: number): string => texts[code] ?? 'Vorgang nicht möglich';
