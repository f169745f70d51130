import type { Refused } from '../model/results.ts';
import type { Exchange } from './exchange.ts';
import type { Capabilities, CommandName, Protocol } from './protocol.ts';

/** What a device cannot do that reads cards and leaves the money to somebody else. */
export const noMoneyCapabilities: Capabilities = {
  voidBy: 'none',
  queryBy: 'none',
  queryPrints: false,
  abort: false,
  tellsVoids: false,
  retransmits: false,
  echoesIdentity: [],
  historyDepth: 0,
  commands: ['status'],
};

type NoMoney = Pick<
  Protocol,
  | 'capabilities'
  | 'currency'
  | 'history'
  | 'lastTransaction'
  | 'totals'
  | 'settle'
  | 'checkPurchase'
  | 'ticket'
  | 'purchase'
  | 'checkTarget'
  | 'checkVoidable'
  | 'void'
>;

/**
 * The part of a protocol that is about money, for a device that has none: it knows no last transaction and
 * no void. Whatever asks is refused; the exchanges, which nothing runs then, would end without a byte.
 */
export function noMoney(name: string): NoMoney {
  const refused = (command: CommandName): Refused => ({
    outcome: 'refused',
    reason: 'not-supported',
    field: 'command',
    limit: `one of ${noMoneyCapabilities.commands.join(', ')}`,
    value: command,
    message: `A terminal with the protocol ${name} has no ${command}: it reads cards, and the money is booked elsewhere. Nothing was sent.`,
  });
  return {
    capabilities: noMoneyCapabilities,
    // ISO 4217: no currency is involved.
    currency: 'XXX',
    history: () => nothing('history'),
    lastTransaction: () => nothing('last transaction'),
    totals: () => nothing('totals'),
    settle: () => nothing('settle'),
    checkPurchase: () => refused('purchase'),
    ticket: (random) => random(6),
    purchase: () => nothing('purchase'),
    checkTarget: () => refused('voidTransaction'),
    checkVoidable: () => refused('voidTransaction'),
    void: () => nothing('void'),
  };
}

/** An exchange that the terminal does not have: over before anything is written. */
const nothing = <A>(name: string): Exchange<A> => ({
  name,
  money: false,
  request: () => new Uint8Array(),
  initial: undefined,
  step: (state) => ({ state, effects: [{ type: 'failed', failure: 'not-acknowledged' }] }),
});
