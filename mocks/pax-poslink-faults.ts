import { type Fault, plain } from './fault.ts';

/** What only a POSLINK terminal can do wrong. */
export const paxPoslinkFaults = {
  'no-eot': plain(
    { description: 'POSLINK: the EOT at the end of an exchange gets lost.' },
    (strike) => ({
      transmit: (piece, next) => (piece.message === 'EOT' && strike() ? [] : next()),
    }),
  ),
} as const satisfies Readonly<Record<string, Fault>>;
