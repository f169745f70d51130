import type { Deframer, Frame } from '../src/framing/frame.ts';
import { control, stxEtxLrcDeframer } from '../src/framing/stx-etx-lrc.ts';
import { bareNumber } from '../src/model/identity.ts';
import { ackNakFace } from './ack-nak-face.ts';
import { carryOut } from './carry-out.ts';
import type { Face, Setting } from './face.ts';
import type { Answer, Request } from './messages.ts';
import { writePoslinkAnswer } from './pax-poslink-answers.ts';
import { report, type VoidMarks } from './pax-poslink-report.ts';
import { isCancel, isPoslinkRequest, readPoslinkRequest } from './pax-poslink-requests.ts';

/** A BroadPOS terminal that speaks POSLINK. */
export function paxPoslinkFace(setting: Setting): Face {
  const { terminal, clock, wire, behaviours } = setting;
  const marks: VoidMarks = new Map();
  /** The customer is at it, and the host has not been asked: now it can be stopped. */
  let stoppable = false;
  let stopped = false;

  /** EOT ends an exchange that was acknowledged, and is all that there is to say to A14. */
  function sayEnd(request: Request | undefined): void {
    const bytes = Uint8Array.of(control.EOT);
    wire.play(
      behaviours.transmit({
        kind: 'receipt',
        message: 'EOT',
        bytes,
        request,
        attempt: 1,
        followed: false,
      }),
    );
  }

  function onCancel(): void {
    if (stoppable) stopped = true;
    sayEnd(undefined);
  }

  function work(request: Request): readonly Answer[] {
    stoppable = false;
    const { command: to } = request;
    if (!isPoslinkRequest(request)) return [];
    if (stopped && (to === 'purchase' || to === 'void')) {
      stopped = false;
      return [{ to, outcome: 'cancelled' }];
    }
    switch (to) {
      case 'poll':
        return [{ to, outcome: 'done' }];
      case 'last-transaction':
        return report(terminal, request, marks);
      case 'void':
        return takeBack(request);
      case 'settle':
        marks.clear();
        return carryOut(terminal, request);
      default:
        return carryOut(terminal, request);
    }
  }

  function takeBack({ operationNumber, ticket }: Request): readonly Answer[] {
    const to = 'void';
    if (operationNumber === undefined) return [{ to, outcome: 'nothing-to-void' }];
    const done = terminal.void(({ trace }) => bareNumber(trace) === bareNumber(operationNumber));
    if (done.outcome === 'done' && done.trace !== undefined)
      marks.set(done.sale.operationNumber, { reference: ticket ?? '', trace: done.trace });
    return [{ to, ...done }];
  }

  function write(answer: Answer, request: Request): Uint8Array {
    if (!isPoslinkRequest(request)) return new Uint8Array();
    return writePoslinkAnswer({
      answer,
      request,
      terminalId: answer.terminalId ?? terminal.terminalId,
      commerceCode: terminal.commerceCode,
      now: new Date(clock.now()).toISOString().slice(0, 19),
    });
  }

  const face = ackNakFace(
    {
      deframer: () =>
        hearingCancels(stxEtxLrcDeframer({ controls: ['ACK', 'NAK', 'EOT'] }), setting, onCancel),
      read: readPoslinkRequest,
      answered: () => true,
      check: ({ command: to, amount }) =>
        to === 'purchase' && amount === undefined ? { to, outcome: 'amount-malformed' } : undefined,
      statuses({ command }) {
        stoppable = command === 'purchase' || command === 'void';
        stopped = false;
        return [];
      },
      carryOut: work,
      write,
      over: sayEnd,
    },
    setting,
  );
  return {
    ...face,
    reset() {
      stoppable = false;
      stopped = false;
      face.reset();
    },
  };
}

/** A14 is heard while the terminal works, and is no request. */
function hearingCancels(inner: Deframer, { terminal }: Setting, onCancel: () => void): Deframer {
  const heard = (frames: Frame[]): Frame[] =>
    frames.filter((frame) => {
      const cancel = frame.kind === 'frame' && frame.check === 'ok' && isCancel(frame.data);
      if (cancel && terminal.listening()) onCancel();
      return !cancel;
    });
  return {
    push: (chunk) => heard(inner.push(chunk)),
    pending: inner.pending,
    flush: () => heard(inner.flush()),
  };
}
