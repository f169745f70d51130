import type { Command } from './messages.ts';
import type { Message } from './zvt-messages.ts';
import { config } from './zvt-registration.ts';
import { intermediate, type Writing } from './zvt-writing.ts';

/** What the display says meanwhile: the status of 04 FF, and its words. */
const meanwhile: Readonly<Partial<Record<Command, readonly (readonly [number, string])[]>>> = {
  purchase: [
    [0x0a, 'Bitte Karte einstecken'],
    [0x01, 'Bitte PIN eingeben'],
    [0x0e, 'Bitte warten'],
  ],
  refund: [
    [0x0a, 'Bitte Karte einstecken'],
    [0x0e, 'Bitte warten'],
  ],
  void: [[0x17, 'Bitte warten']],
  'pre-authorisation': [
    [0x0a, 'Bitte Karte einstecken'],
    [0x0e, 'Bitte warten'],
  ],
  booking: [[0x17, 'Bitte warten']],
  'pre-authorisation-reversal': [[0x17, 'Bitte warten']],
  settle: [
    [0x0e, 'Bitte warten'],
    [0x06, 'Nachbuchungen werden gesendet'],
  ],
  diagnosis: [[0xc9, 'Diagnose läuft']],
  initialise: [[0xca, 'Initialisierung läuft']],
};

/** Only for a till that has asked for them when it registered. */
const said = (
  statuses: readonly (readonly [number, string])[],
  writing: Writing,
): readonly Message[] =>
  (writing.registration.configByte & config.intermediateStatus) === 0
    ? []
    : statuses.map(([status, words]) => intermediate(status, words, writing));

/** The 04 FF of a command, until its host has answered. */
export const statusesOf = (command: Command, writing: Writing): readonly Message[] =>
  said(meanwhile[command] ?? [], writing);

/** 05: the terminal is taking a booking back by itself. */
export const reversalStatus = (writing: Writing): readonly Message[] =>
  said([[0x05, 'Automatisches Storno']], writing);
