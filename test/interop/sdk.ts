import { createRequire } from 'node:module';
import { createMockTerminal } from '../../mocks/index.ts';
import { type Clock, systemClock } from '../../src/model/clock.ts';
import type { Claim, Step } from './claim.ts';
import { answerMs, type Connected, type Driver, thinkMs } from './driver.ts';
import { plugIn } from './plug.ts';

/** The vendor's own Node SDK, which has no types. */
interface Sdk {
  posTimeout: number;
  connect(path: string, baudRate: number): Promise<unknown>;
  disconnect(): Promise<unknown>;
  sale(amount: number, ticket: string, status: boolean, told: () => void): Promise<unknown>;
  getLastSale(): Promise<unknown>;
  refund(operationNumber: string): Promise<unknown>;
  raw_parser(): { on(event: 'data', listener: (frame: Uint8Array) => void): unknown };
  raw_serial_port(): { on(event: 'error', listener: () => void): unknown };
}

const sdk: { POSIntegrado: new () => Sdk } = createRequire(import.meta.url)('transbank-pos-sdk');

/** Longest wait for the SDK to take what the terminal has said; it may be gone. */
const patienceMs = 1_000;

/**
 * However slow this machine is, the terminal says its next word only when the SDK has taken the one before:
 * otherwise a busy machine would glue words together, and that would be held against the SDK.
 */
function patientClock(isTaken: () => boolean): Clock {
  return {
    now: systemClock.now,
    after(ms, then) {
      const due = systemClock.now() + ms;
      const look = () => {
        if (isTaken() || systemClock.now() > due + patienceMs) then();
        else cancel = systemClock.after(10, look);
      };
      let cancel = systemClock.after(ms, look);
      return () => cancel();
    },
  };
}

type Answer = Readonly<Record<string, unknown>>;

const isAnswer = (value: unknown): value is Answer => typeof value === 'object' && value !== null;

/** `ackTimeout` is as shipped, 2 s; an error of its port, for which it does not listen, is kept from ending the test. */
export const officialSdk: Driver = async (): Promise<Connected> => {
  let taken = 0;
  const said = (): number =>
    mock.transcript.reduce((sum, { from, bytes }) => sum + (from === 'till' ? 0 : bytes.length), 0);
  const mock = createMockTerminal({
    protocol: 'transbank',
    clock: patientClock(() => taken >= said()),
    thinkMs,
  });
  const pty = await plugIn(mock);
  const pos = new sdk.POSIntegrado();
  pos.posTimeout = answerMs;
  const connecting = pos.connect(pty.path, 115_200);
  pos.raw_serial_port().on('error', () => {});
  pos.raw_parser().on('data', ({ length }) => {
    taken += length;
  });
  await connecting;
  return {
    mock,
    carryOut: (step) => carryOut(pos, step),
    findOut: async () => undefined,
    replug: pty.replug,
    async close() {
      await pos.disconnect();
      await pty.close();
    },
  };
};

async function carryOut(pos: Sdk, step: Step): Promise<Claim> {
  try {
    switch (step.do) {
      case 'sale':
        return claimOfSale(await pos.sale(step.amount, step.ticket, true, () => {}));
      case 'last':
        return claimOfLast(await pos.getLastSale());
      case 'void':
        return claimOfVoid(await pos.refund('1'));
    }
  } catch (error) {
    return claimOfError(error);
  }
}

function claimOfError(error: unknown): Claim {
  const text = error instanceof Error ? error.message : String(error);
  if (error instanceof TypeError) return { says: 'nonsense', what: 'throws a TypeError' };
  if (text.startsWith('ACK has not')) return { says: 'unknown', why: 'no ACK' };
  if (text.startsWith('Response of POS')) return { says: 'unknown', why: 'no answer' };
  if (text.startsWith('Another message'))
    return { says: 'unknown', why: 'takes itself to be busy' };
  return { says: 'unknown', why: text };
}

/** The answer has to be one to this command, and its code a number. */
function nonsenseIn(answer: unknown, functionCode: number): Claim | undefined {
  if (!isAnswer(answer)) return { says: 'nonsense', what: 'resolves with no answer' };
  const told = Number(answer['functionCode']);
  const success = answer['successful'] === true ? ', successful' : ', not successful';
  if (Number.isNaN(told)) return { says: 'nonsense', what: `functionCode NaN${success}` };
  if (told !== functionCode)
    return {
      says: 'nonsense',
      what: `takes answer ${String(told).padStart(4, '0')} for its own${success}`,
    };
  if (Number.isNaN(answer['responseCode']))
    return { says: 'nonsense', what: `responseCode NaN${success}` };
  return undefined;
}

const amountNaN: Claim = { says: 'nonsense', what: 'amount NaN, successful' };

function claimOfSale(answer: unknown): Claim {
  const nonsense = nonsenseIn(answer, 210);
  if (nonsense !== undefined || !isAnswer(answer)) return nonsense ?? amountNaN;
  if (answer['successful'] !== true) return { says: 'not sold' };
  const { amount, ticket, operationNumber } = answer;
  if (typeof amount !== 'number' || Number.isNaN(amount)) return amountNaN;
  return {
    says: 'sold',
    amount,
    ticket: String(ticket),
    operationNumber: String(operationNumber),
  };
}

function claimOfLast(answer: unknown): Claim {
  const nonsense = nonsenseIn(answer, 260);
  if (nonsense !== undefined || !isAnswer(answer)) return nonsense ?? amountNaN;
  if (answer['successful'] !== true) return { says: 'no last sale' };
  const { amount, operationNumber } = answer;
  if (typeof amount !== 'number' || Number.isNaN(amount)) return amountNaN;
  return { says: 'last', amount, operationNumber: String(operationNumber) };
}

function claimOfVoid(answer: unknown): Claim {
  const nonsense = nonsenseIn(answer, 1210);
  if (nonsense !== undefined || !isAnswer(answer)) return nonsense ?? amountNaN;
  const { responseCode, operationId } = answer;
  if (responseCode === 0) return { says: 'voided', operationNumber: String(operationId) };
  return { says: responseCode === 4 ? 'already voided' : 'not voided' };
}
