import { carryOut } from './carry-out.ts';
import { fieldsOf } from './ecr17-requests.ts';
import type { Ecr17Setup } from './ecr17-setup.ts';
import type { Answer, Request } from './messages.ts';
import type { SimulatedTerminal } from './simulated-terminal.ts';

/** The last result, kept until the next payment of any kind; a settlement leaves it alone. */
export interface StoredResult {
  readonly request: Request;
  readonly answer: Answer;
  /** How many effects the terminal had had by then. */
  readonly effects: number;
}

interface Done {
  readonly answers: readonly Answer[];
  readonly stored: StoredResult | undefined;
}

const anyStan = '000000';

/** The reversal takes the last transaction only, and only if it has the STAN that was asked for. */
function reverse(terminal: SimulatedTerminal, request: Request): Answer {
  const { lastBooking } = terminal.memory;
  const { stan = anyStan } = fieldsOf(request);
  const isLast = lastBooking !== undefined && (stan === anyStan || stan === lastBooking.trace);
  if (!isLast) return { to: 'void', outcome: 'nothing-to-void' };
  if (lastBooking.kind === 'void') return { to: 'void', outcome: 'already-voided' };
  return { to: 'void', ...terminal.void((sale) => sale.trace === lastBooking.trace) };
}

function pay(terminal: SimulatedTerminal, request: Request): Answer {
  const { command: to, amount = 0 } = request;
  switch (to) {
    case 'void':
      return reverse(terminal, request);
    case 'pre-authorisation':
      return { to, ...terminal.preAuthorisations.reserve({ amount, ticket: '' }) };
    case 'booking': {
      const number = Number(fieldsOf(request)['preAuthorisation']);
      const booked = terminal.preAuthorisations.book(
        (sale) => Number(sale.trace) === number,
        () => amount,
      );
      switch (booked.outcome) {
        case 'not-reserved':
        case 'above-reserved':
          return { to, outcome: 'declined' };
        default:
          return { to, ...booked };
      }
    }
    default:
      return { to: 'purchase', ...terminal.purchase({ amount, ticket: '' }) };
  }
}

const payments = ['purchase', 'void', 'pre-authorisation', 'booking'];

/** Settlements leave the last result alone. */
const effectsOf = ({ ledger }: SimulatedTerminal): number =>
  ledger.filter(({ kind }) => kind !== 'settlement').length;

/** The result of what a clerk has done at the terminal's own keys, past the till. */
function resultOfClerk(terminal: SimulatedTerminal, request: Request): StoredResult | undefined {
  const { lastEver } = terminal.memory;
  const effects = effectsOf(terminal);
  if (lastEver === undefined) return undefined;
  const { sale, kind, trace, time } = lastEver;
  const isVoid = kind === 'void';
  return {
    request: { ...request, command: isVoid ? 'void' : 'purchase', code: isVoid ? 'S' : 'X' },
    answer: {
      to: isVoid ? 'void' : 'purchase',
      outcome: 'done',
      sale,
      time,
      ...(isVoid && { trace }),
    },
    effects,
  };
}

/** After a service visit the memory is empty, though there was no settlement. */
const isForgotten = (terminal: SimulatedTerminal): boolean => {
  const last = terminal.ledger.at(-1)?.kind;
  return (last === 'sale' || last === 'void') && terminal.memory.lastBooking === undefined;
};

function lastResult(
  terminal: SimulatedTerminal,
  request: Request,
  kept: StoredResult | undefined,
  keeps: Ecr17Setup['keeps'],
): Done {
  const { command: to } = request;
  const forgotten = isForgotten(terminal);
  const newer = keeps === 'all' && effectsOf(terminal) > (kept?.effects ?? 0);
  const stored = forgotten ? undefined : newer ? (resultOfClerk(terminal, request) ?? kept) : kept;
  const answer: Answer =
    stored === undefined ? { to, outcome: 'empty', trace: anyStan } : { ...stored.answer, to };
  return { answers: [answer], stored };
}

/** Does what the till asked, as an ECR17 terminal does it, and keeps the result of a payment. */
export function ecr17CarryOut(
  terminal: SimulatedTerminal,
  request: Request,
  stored: StoredResult | undefined,
  time: string,
  keeps: Ecr17Setup['keeps'],
): Done {
  const { command } = request;
  if (command === 'last-transaction') return lastResult(terminal, request, stored, keeps);
  if (payments.includes(command)) {
    const made = pay(terminal, request);
    // What came to nothing takes a number too.
    const answer: Answer =
      made.outcome === 'done' ? { ...made, time } : { ...made, trace: terminal.takeTrace() };
    return { answers: [answer], stored: { request, answer, effects: effectsOf(terminal) } };
  }
  const plain = command === 'poll' || command === 'card-verification' || command === 'vas';
  if (plain) return { answers: [{ to: command, outcome: 'done', time }], stored };
  if (command === 'reprint') {
    if (request.prints === true) terminal.print();
    return { answers: [], stored };
  }
  return { answers: carryOut(terminal, request), stored };
}
