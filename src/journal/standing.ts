import type { Entry } from './journal.ts';

/**
 * Where an intent stands. `unsent`: nothing of it left the till. `open`: it left and has no outcome, so
 * somebody has to find out. `ended`: it has an outcome.
 */
export type Standing = 'unsent' | 'open' | 'ended';

/** What each entry says of it; undefined: nothing, it is only evidence. */
const standings: Readonly<Record<Entry['type'], Standing | undefined>> = {
  evidence: undefined,
  sent: 'open',
  taken: undefined,
  'not-sent': 'unsent',
  answer: 'open',
  outcome: 'ended',
  'in-doubt': 'open',
  recovery: undefined,
  decision: 'ended',
  unsolicited: undefined,
};

export const isEntryType = (type: string): type is Entry['type'] => Object.hasOwn(standings, type);

/** Where an intent stands after a record of this type; undefined: where it stood. */
export const standingAfter = (type: string): Standing | undefined =>
  isEntryType(type) ? standings[type] : undefined;

/** Where an intent stands after all of its entries, or its records. */
export const standingOf = (written: readonly { readonly type: string }[]): Standing =>
  written.reduce<Standing>((standing, { type }) => standingAfter(type) ?? standing, 'unsent');
