import type { EarlierSale } from '../../../mocks/index.ts';

/** What a mock terminal on a rig has seen and done. */
export interface Seen {
  /** `sale`, `void`, `settlement`, in order. */
  readonly ledger: readonly string[];
  /** The codes of the requests it could read. */
  readonly received: readonly string[];
  /** How many bytes have come from the till. */
  readonly fromTill: number;
  /** And how many it has sent. */
  readonly fromTerminal: number;
}

export interface Fresh {
  readonly sales?: readonly EarlierSale[];
}

/** A mock terminal on a cable that the system takes for a real one, with a plug that can be pulled. */
export interface Rig {
  /** Tillwire's address of it. */
  readonly address: string;
  /** A new terminal at the cable's end, plugged in. */
  fresh(options?: Fresh): Promise<void>;
  /** Pulls the plug; resolves when the till's system has noticed. */
  unplug(): Promise<void>;
  /** Plugs it in again, also after a fault has pulled it; resolves when it can be opened. */
  replug(): Promise<void>;
  /** A fault of the mock terminal by name; those that unplug pull this plug. */
  fault(text: string): Promise<void>;
  /** Lets that many more bytes of the till through and then pulls the plug. */
  cutAfter(bytes: number): Promise<void>;
  seen(): Promise<Seen>;
  close(): Promise<void>;
}
