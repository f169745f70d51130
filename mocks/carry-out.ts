import type { Answer, Request } from './messages.ts';
import type { SimulatedTerminal } from './simulated-terminal.ts';

/** How long initialisation keeps the terminal off the line; the vendor says: a variable time. */
const initialisationMs = 2_000;

/**
 * Does what the till asked, at the terminal, and says what to tell. No answer: the acknowledgement was
 * all there is to say.
 */
export function carryOut(terminal: SimulatedTerminal, request: Request): readonly Answer[] {
  const { command: to } = request;
  if (request.prints === true) terminal.print();
  switch (to) {
    case 'poll':
      return [];
    case 'load-keys':
      return [{ to, outcome: 'done' }];
    case 'purchase':
      return [
        {
          to,
          ...terminal.purchase({
            amount: request.amount ?? 0,
            ticket: request.ticket ?? '',
            ...(request.childCommerceCode && { childCommerceCode: request.childCommerceCode }),
          }),
        },
      ];
    case 'refund':
      return [
        { to, ...terminal.refund({ amount: request.amount ?? 0, ticket: request.ticket ?? '' }) },
      ];
    case 'void':
      return [{ to, ...terminal.void(request.operationNumber) }];
    case 'last-transaction': {
      const { last, lastBooking } = terminal.memory;
      const booking = lastBooking && { booking: lastBooking };
      return [
        last === undefined
          ? { to, outcome: 'empty', ...booking }
          : { to, outcome: 'done', sale: last, ...booking },
      ];
    }
    case 'totals':
      return [{ to, outcome: 'done', totals: terminal.memory.totals() }];
    case 'settle':
      return [{ to, outcome: 'done', totals: terminal.settle() }];
    case 'sales-detail':
      if (request.prints === true) return [];
      return [
        ...terminal.memory.records.map((sale): Answer => ({ to, outcome: 'done', sale })),
        { to, outcome: 'done' },
      ];
    case 'normal-mode':
      terminal.leaveIntegratedMode();
      return [];
    case 'initialise':
      terminal.initialise(initialisationMs);
      return [];
    case 'initialisation-result':
      return [{ to, outcome: 'done', time: terminal.initialisedAt }];
    case 'register':
    case 'log-off':
    case 'abort':
    case 'reprint':
    case 'diagnosis':
    case 'reset':
    case 'set-clock':
    case 'pre-authorisation':
    case 'booking':
    case 'pre-authorisation-reversal':
    case 'open-pre-authorisations':
    case 'print-at-till':
    case 'card-verification':
    case 'vas':
      // The face of the one protocol that has these carries them out itself.
      return [{ to, outcome: 'done' }];
  }
}
