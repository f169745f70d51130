import type { Declined, Refused } from '../model/results.ts';
import type { Exchange } from '../protocols/exchange.ts';
import type { Protocol, ProtocolCommand } from '../protocols/protocol.ts';
import type { OtherResult } from './answers.ts';

export type { OtherResult } from './answers.ts';

interface WithOthers extends Protocol {
  other(name: string): Exchange<OtherResult | Declined> | Refused;
}

const hasOthers = (protocol: Protocol): protocol is WithOthers => 'other' in protocol;

/** A command that stands under `others` in the terminal's profile, for `terminal.run`: `reprint`, `sign-in`. */
export const command = (name: string): ProtocolCommand<OtherResult | Declined> => ({
  name,
  exchange: (protocol) =>
    hasOthers(protocol)
      ? protocol.other(name)
      : {
          outcome: 'refused',
          reason: 'not-supported',
          field: 'command',
          limit: 'a terminal of a profile',
          value: name,
          message: `A terminal with the protocol ${protocol.name} has no ${name}. Nothing was sent.`,
        },
});
