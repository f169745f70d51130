import type { Unsolicited } from '../../src/driver/unsolicited.ts';
import type { CommandEvent } from '../../src/model/events.ts';
import type { Call } from './call.ts';
import type { Bench } from './simulate.ts';
import type { State } from './sometimes.ts';

const outcomes: Readonly<Record<string, State>> = {
  approved: 'approved',
  declined: 'declined',
  voided: 'voided',
  'already-voided': 'already voided',
  'not-found': 'nothing to void',
};

const refusals: Readonly<Record<string, State>> = {
  'not-the-last': 'refused: not the last',
  'blind-void': 'refused: blind void',
  'debit-card': 'refused: debit card',
  invalid: 'refused: invalid',
};

const errors: Readonly<Record<string, State>> = {
  'key-reused': 'key reused for another command',
  'wrong-transaction': 'wrong transaction caught',
  'unknown-response-code': 'unknown response code caught',
  'terminal-held': 'terminal held by another program',
  'terminal-busy': 'terminal busy',
};

const strays: Readonly<Record<Unsolicited['reason'], State>> = {
  duplicate: 'duplicate dropped',
  stale: 'late answer surfaced',
  noise: 'noise surfaced',
  'bad-check': 'noise surfaced',
};

/** Sees which interesting states a run has reached. */
export const witness = {
  stray({ sometimes }: Bench, { reason }: Unsolicited): void {
    sometimes.reached(strays[reason]);
  },

  event({ sometimes }: Bench, event: CommandEvent<unknown>): void {
    if (event.type === 'sent' && event.attempt > 1 && event.money)
      sometimes.reached('repeated after NAK');
  },

  ended({ sometimes, family }: Bench, call: Call): void {
    const { ending } = call;
    const recovering = call.events.some(({ type }) => type === 'recovering');
    if (ending?.type === 'killed' && recovering) sometimes.reached('killed during recovery');
    if (ending?.type === 'error') {
      const { code, effect } = ending.error;
      const state = errors[code];
      if (state !== undefined) sometimes.reached(state);
      if (effect === 'unknown') sometimes.reached('in doubt');
      if (code === 'connection-lost' && effect === 'unknown')
        sometimes.reached('connection lost with a command in flight');
      if (code === 'unresolved-transaction' && effect === 'none')
        sometimes.reached('blocked by a command in doubt');
      if (code === 'journal-failed')
        sometimes.reached(
          effect === 'none' ? 'journal failed before sending' : 'journal failed after sending',
        );
    }
    if (ending?.type !== 'result') return;
    const { outcome, result } = ending;
    const state = outcomes[outcome];
    if (state !== undefined) sometimes.reached(state);
    if (outcome === 'settled') sometimes.reached('settled by the till');
    const refused = refusals[String(Reflect.get(result, 'reason'))];
    if (outcome === 'refused' && refused !== undefined) sometimes.reached(refused);
    if (recovering && (outcome === 'approved' || outcome === 'voided')) {
      if (call.kind === 'recover' || call.frames === 0)
        sometimes.reached('in doubt, then recovered as done');
      else sometimes.reached('recovered by itself after a restart');
    }
    if (outcome === 'not-approved' || outcome === 'not-voided')
      sometimes.reached('in doubt, then recovered as not done');
    const asked = call.events.some(({ type }) => type === 'sent' || type === 'recovering');
    if (!asked && (outcome === 'approved' || outcome === 'voided'))
      sometimes.reached('replayed by its key');
    if (outcome === 'voided' && call.frames > 0 && family.blindVoid)
      sometimes.reached('void without reference on a blind terminal');
  },
};
