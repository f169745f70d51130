import { toLatin1 } from '../src/framing/bytes.ts';
import {
  ecr17Control,
  ecr17Deframer,
  ecr17Frame,
  ecr17Progress,
  variantOfFrame,
} from '../src/framing/ecr17-frame.ts';
import { ecr17Lrc } from '../src/framing/ecr17-lrc.ts';
import type { Deframer, Frame } from '../src/framing/frame.ts';
import { ackNakFace } from './ack-nak-face.ts';
import { ecr17CarryOut, type StoredResult } from './ecr17-carry-out.ts';
import { closeReceipt, receiptPayloads, saleReceipt } from './ecr17-receipt.ts';
import { announcesData, checkRequest, isAdditionalData, readRequest } from './ecr17-requests.ts';
import { resultPayload, statusPayload, vasPayload } from './ecr17-results.ts';
import { type Ecr17Setup, ecr17Setup } from './ecr17-setup.ts';
import type { Face, Setting } from './face.ts';
import { type Answer, bookings, type Command, type Request } from './messages.ts';

/** What the terminal shows while a card is used. */
const withCard = ['AVVICINARE CARTA', 'DIGITARE PIN', 'TRANSAZ. IN CORSO'];
const progress: Readonly<Partial<Record<Command, readonly string[]>>> = {
  purchase: withCard,
  'pre-authorisation': withCard,
  booking: ['TRANSAZ. IN CORSO'],
  void: ['AVVICINARE CARTA', 'TRANSAZ. IN CORSO'],
  'card-verification': ['AVVICINARE CARTA'],
  settle: ['ATTENDERE'],
};

const titles: Readonly<Partial<Record<Command, string>>> = {
  purchase: 'ACQUISTO',
  'pre-authorisation': 'PREAUTORIZZAZIONE',
  booking: 'ACQUISTO',
  void: 'STORNO',
};

/** Takes a frame in the terminal's own check alone: in another one it is damaged. */
const inVariant = (setup: Ecr17Setup): Deframer => {
  const inner = ecr17Deframer();
  const judged = (frame: Frame): Frame => {
    const variant = variantOfFrame(frame);
    if (variant === undefined || variant === setup.lrc || frame.kind === 'noise') return frame;
    if (frame.kind === 'control')
      return { kind: 'noise', bytes: frame.bytes ?? new Uint8Array(), reason: 'unframed' };
    const expected = Uint8Array.of(ecr17Lrc(frame.data, setup.lrc));
    return { kind: 'frame', check: 'bad', data: frame.data, bytes: frame.bytes, expected };
  };
  return {
    push: (chunk) => inner.push(chunk).map(judged),
    pending: inner.pending,
    flush: () => inner.flush().map(judged),
  };
};

/** An ECR17 terminal. */
export function ecr17Face(setting: Setting): Face {
  const { terminal, clock, wire, thinkMs } = setting;
  const setup = ecr17Setup(terminal);
  let stored: StoredResult | undefined;
  /** The till has asked for receipts; forgotten at the end of each procedure. */
  let atTill = false;
  let receipt = '';
  let cancelClose = () => {};

  const frame = (payload: Uint8Array): Uint8Array => ecr17Frame(payload, setup.lrc);
  const localTime = (): string => new Date(clock.now()).toISOString().slice(0, 19);

  /** The voucher of what was booked, whoever prints it. */
  function keepReceipt({ command }: Request, { outcome, sale, totals, trace }: Answer): void {
    const title = titles[command];
    if (outcome !== 'done') return;
    if (command === 'settle') receipt = closeReceipt(terminal, totals?.total ?? 0);
    else if (title !== undefined && sale !== undefined)
      receipt = saleReceipt(terminal, trace === undefined ? sale : { ...sale, trace }, title);
  }

  function carryOut(request: Request): readonly Answer[] {
    if (request.command === 'print-at-till') {
      atTill = request.text[10] === '1';
      return [];
    }
    const done = ecr17CarryOut(terminal, request, stored, localTime(), setup.keeps);
    stored = done.stored;
    for (const answer of done.answers) keepReceipt(request, answer);
    return done.answers;
  }

  function write(answer: Answer, request: Request): Uint8Array {
    const terminalId = answer.terminalId ?? terminal.terminalId;
    if (answer.to === 'poll') return frame(statusPayload(terminalId, setup.status, localTime()));
    if (answer.to === 'vas') return frame(vasPayload(terminalId, '<VAS><RESULT>OK</RESULT></VAS>'));
    if (answer.to === 'last-transaction' && stored !== undefined) {
      const { request: earlier } = stored;
      return frame(resultPayload(terminalId, { ...answer, to: earlier.command }, earlier));
    }
    if (answer.to === 'last-transaction') {
      const none: Request = { ...request, command: 'purchase', code: 'P' };
      return frame(resultPayload(terminalId, { ...answer, to: 'purchase' }, none));
    }
    return frame(resultPayload(terminalId, answer, request));
  }

  function receipts(request: Request): readonly Uint8Array[] {
    if (request.command === 'reprint')
      return request.prints === true
        ? []
        : receiptPayloads(terminal.terminalId, receipt, true).map(frame);
    const wanted = atTill && bookings.includes(request.command) && receipt !== '';
    if (!wanted || setup.receipts === 'kept-back') return [];
    const ended = setup.receipts !== 'without-end';
    return receiptPayloads(terminal.terminalId, receipt, ended).map(frame);
  }

  /** On TCP the terminal hangs up behind a transaction, once the till has had the time to read it. */
  function over(request: Request): void {
    if (request.command === 'print-at-till') return;
    atTill = false;
    const isTransaction = bookings.includes(request.command) && request.command !== 'settle';
    const closes =
      setup.closes === 'after-everything' ||
      (setup.closes === 'after-transactions' && isTransaction);
    if (setting.transport !== 'tcp' || !closes) return;
    cancelClose = clock.after(Math.max(thinkMs, 1), () =>
      wire.unplug('the terminal closed the connection'),
    );
  }

  /** The memory is empty, and this terminal says so with NAK. */
  const refusesEmpty = (request: Request): boolean =>
    request.command === 'last-transaction' &&
    setup.empty === 'nak' &&
    ecr17CarryOut(terminal, request, stored, localTime(), setup.keeps).answers[0]?.outcome ===
      'empty';

  const face = ackNakFace(
    {
      deframer: () => inVariant(setup),
      read(data, at) {
        const request = readRequest(data, terminal.terminalId, at);
        if (request === undefined || refusesEmpty(request)) return undefined;
        const unsupported = request.command === 'print-at-till';
        return unsupported && setup.receipts === 'not-supported' ? undefined : request;
      },
      answered: ({ command }) => command !== 'print-at-till' && command !== 'reprint',
      check: checkRequest,
      statuses: ({ command }) =>
        (progress[command] ?? []).map((text) => ecr17Progress(toLatin1(text))),
      write,
      words: () => ({ ack: ecr17Control('ACK', setup.lrc), nak: ecr17Control('NAK', setup.lrc) }),
      confirmsStatus: false,
      refusesGarbled: () => setup.garbled === 'nak',
      carryOut,
      follows: receipts,
      announces: announcesData,
      completes: isAdditionalData,
      over,
    },
    setting,
  );
  return {
    ...face,
    reset() {
      atTill = false;
      cancelClose();
      face.reset();
    },
    // The next connection is another one.
    hungUp: () => cancelClose(),
  };
}
