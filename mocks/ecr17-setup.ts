import type { LrcVariant } from '../src/framing/ecr17-lrc.ts';
import type { SimulatedTerminal } from './simulated-terminal.ts';

/** How an ECR17 terminal is set up, where terminals differ or the document leaves something open. */
export interface Ecr17Setup {
  /** Which reading of "the message bytes" its check is made of. */
  lrc: LrcVariant;
  /** A frame with another check gets NAK, or nothing at all. */
  garbled: 'nak' | 'silence';
  /** What `G` brings before the first payment: NAK, or a result 01 of nothing. The document does not say. */
  empty: 'nak' | 'result';
  /** What becomes of the receipts that the till has asked for. */
  receipts: 'sent' | 'kept-back' | 'without-end' | 'not-supported';
  /** Column 31 of the status answer. */
  status: string;
  /** On TCP the connection is closed after a transaction, after everything but `E`, or never. */
  closes: 'after-transactions' | 'after-everything' | 'never';
  /**
   * Whose results `G` brings. The document says that those are kept that a till has asked for; here a
   * clerk's count as well, unless it is set so.
   */
  keeps: 'all' | 'till';
}

const usual: Ecr17Setup = {
  lrc: 'std',
  garbled: 'nak',
  empty: 'result',
  receipts: 'sent',
  status: '2',
  closes: 'after-transactions',
  keeps: 'all',
};

const setups = new WeakMap<SimulatedTerminal, Ecr17Setup>();

/** The set-up of this terminal; its parts may be replaced at any time. */
export function ecr17Setup(terminal: SimulatedTerminal): Ecr17Setup {
  const setup = setups.get(terminal) ?? { ...usual };
  setups.set(terminal, setup);
  return setup;
}
