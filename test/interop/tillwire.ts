import { createMockTerminal } from '../../mocks/index.ts';
import {
  clp,
  memoryJournal,
  openTerminal,
  type RecoveryResult,
  resultOf,
  type Terminal,
  TerminalError,
} from '../../src/index.ts';
import type { LastTransactionResult } from '../../src/model/results.ts';
import type { Transaction } from '../../src/model/transaction.ts';
import type { Claim, Step } from './claim.ts';
import { answerMs, type Connected, type Driver, earlier, thinkMs } from './driver.ts';
import { plugIn } from './plug.ts';

const timing = {
  acknowledgementMs: 2_000,
  answerMs,
  interByteMs: 1_000,
  quietMs: 200,
  recoveryMs: 20_000,
};

/** Tillwire with the same time-outs. Only where it does not know does it find out afterwards, by itself. */
export const tillwire: Driver = async (): Promise<Connected> => {
  const mock = createMockTerminal({ protocol: 'transbank', thinkMs });
  const pty = await plugIn(mock);
  const terminal = await openTerminal(`${mock.protocol}+serial:${pty.path}`, {
    timing,
    journal: memoryJournal(),
  });
  return {
    mock,
    carryOut: (step) => carryOut(terminal, step).catch((error) => claimOfError(error, step)),
    replug: pty.replug,
    findOut: () => resultOf(terminal.recover()).then(claimOfMoney).catch(claimOfError),
    async close() {
      await terminal.close();
      await pty.close();
    },
  };
};

async function carryOut(terminal: Terminal, step: Step): Promise<Claim> {
  switch (step.do) {
    case 'sale': {
      const request = { amount: clp(step.amount), ticket: step.ticket };
      return claimOfMoney(await resultOf(terminal.purchase(request)), 'not sold');
    }
    case 'last':
      return claimOfLast(await resultOf(terminal.lastTransaction()));
    case 'void': {
      const target = { amount: clp(earlier.amount), operationNumber: '1' };
      const ana = { operator: 'ana', reason: 'out of stock' };
      return claimOfMoney(await resultOf(terminal.voidTransaction(target, ana)), 'not voided');
    }
  }
}

/** An error with effect `none` claims that nothing happened. */
function claimOfError(error: unknown, step?: Step): Claim {
  if (!(error instanceof TerminalError)) throw error;
  if (error.effect === 'none' && step?.do === 'sale') return { says: 'not sold' };
  if (error.effect === 'none' && step?.do === 'void') return { says: 'not voided' };
  return { says: 'unknown', why: error.code };
}

const numbers = ({ amount, ticket = '', operationNumber = '' }: Transaction) => ({
  amount: amount.amount,
  ticket,
  operationNumber,
});

/** `otherwise`: what a refusal means, which does not name its command. */
function claimOfMoney(
  result: RecoveryResult,
  otherwise: 'not sold' | 'not voided' = 'not sold',
): Claim {
  switch (result.outcome) {
    case 'approved':
      return { says: 'sold', ...numbers(result.transaction) };
    case 'voided':
      return {
        says: 'voided',
        operationNumber: result.transaction.operationNumber ?? '',
      };
    case 'already-voided':
      return { says: 'already voided' };
    case 'not-approved':
      return { says: 'not sold' };
    case 'not-voided':
    case 'not-found':
      return { says: 'not voided' };
    case 'declined':
    case 'refused':
      return { says: otherwise };
    case 'decided':
    case 'nothing-open':
      return { says: 'unknown', why: result.outcome };
  }
}

function claimOfLast(result: LastTransactionResult): Claim {
  if (result.outcome === 'found') return { says: 'last', ...numbers(result.transaction) };
  if (result.outcome === 'none') return { says: 'no last sale' };
  return { says: 'unknown', why: result.outcome };
}
