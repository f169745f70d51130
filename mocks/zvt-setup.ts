import type { SimulatedTerminal } from './simulated-terminal.ts';

/** The euro, the only currency of this terminal: ISO 4217 as ZVT writes it. */
export const zvtCurrency = '0978';

/** How a ZVT terminal is set up, where terminals differ or the standard has two readings. */
export interface ZvtSetup {
  /** Six digits; a command with another is answered 84 37 00. Absent: none is checked. */
  password: string | undefined;
  /**
   * What becomes of a booking whose 04 0F, or whose receipt, the till has not acknowledged. PA00P015 2.2.8
   * says that the terminal takes it back by itself, chapter 4 that it keeps it.
   */
  unacknowledged: 'reversed' | 'kept';
  /** Offers message sequence ids (TLV 1F73) to a till that asks for them. */
  sequenceIds: boolean;
  /** What 05 01 tells while the terminal is at work on nothing. */
  status: number;
  /** Texts come in ISO 8859-1 with line feeds in them, whatever was negotiated. Real terminals do this. */
  rawTexts: boolean;
  /** 06 20 still tells the last transaction after the end of the day; voiding it is over all the same. */
  repeatsSettled: boolean;
  /** 06 20 tells the last attempt, also when it came to nothing, instead of the last transaction. */
  repeatsFailed: boolean;
  /** A void takes back the newest payment, whatever receipt it names. */
  voidsNewest: boolean;
  /** The next command finds this 84 instead of 80 00 00. */
  refuseNext: { readonly code: number; readonly data?: readonly number[] } | undefined;
}

const usual: ZvtSetup = {
  password: undefined,
  unacknowledged: 'reversed',
  sequenceIds: true,
  status: 0x00,
  rawTexts: false,
  repeatsSettled: false,
  repeatsFailed: false,
  voidsNewest: false,
  refuseNext: undefined,
};

const setups = new WeakMap<SimulatedTerminal, ZvtSetup>();

/** The set-up of this terminal; its parts may be replaced at any time. */
export function zvtSetup(terminal: SimulatedTerminal): ZvtSetup {
  const setup = setups.get(terminal) ?? { ...usual };
  setups.set(terminal, setup);
  return setup;
}
