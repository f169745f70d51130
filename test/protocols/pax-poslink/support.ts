import { toLatin1 } from '../../../src/framing/bytes.ts';
import type { Frame } from '../../../src/framing/frame.ts';
import { control, stxEtxLrcDeframer, stxFrame } from '../../../src/framing/stx-etx-lrc.ts';
import type { Effect, Exchange, Input } from '../../../src/protocols/exchange.ts';

/** `|` is FS, `~` is US. */
export const data = (text: string): Uint8Array =>
  toLatin1(text.replaceAll('|', '\x1c').replaceAll('~', '\x1f'));

export const hexOf = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

export function soundFrame(text: string): Frame & { kind: 'frame' } {
  const [frame] = stxEtxLrcDeframer({ maxFrame: 8_192 }).push(stxFrame(data(text)));
  if (frame?.kind !== 'frame') throw new Error(`no frame: ${text}`);
  return frame;
}

/** A frame whose check does not agree. */
export const damaged: Frame = {
  kind: 'frame',
  check: 'bad',
  data: data('0|T01'),
  bytes: data('0|T01'),
  expected: Uint8Array.of(0),
};

export const said = (name: 'ACK' | 'NAK' | 'EOT'): Input => ({
  type: 'frame',
  frame: { kind: 'control', name },
});

export const told = (text: string): Input => ({ type: 'frame', frame: soundFrame(text) });

const names = new Map(Object.entries(control).map(([name, byte]) => [byte, name]));

/** `write T00`, `write ACK`, `wait answer 3000`, `done`. */
function word<A>(effect: Effect<A>): string {
  switch (effect.type) {
    case 'write': {
      const [first = 0, ...rest] = effect.bytes;
      const name = rest.length === 0 ? names.get(first) : String.fromCharCode(...rest.slice(0, 3));
      return `${effect.as === 'request' ? 'request' : 'write'} ${name}`;
    }
    case 'wait':
      return `wait ${effect.for}${effect.ms === undefined ? '' : ` ${effect.ms}`}`;
    case 'progress':
      return effect.progress.type === 'prompt'
        ? `prompt ${effect.progress.code}`
        : effect.progress.type;
    case 'stray':
      return `stray ${effect.reason}`;
    case 'failed':
      return `failed ${effect.failure}`;
    case 'done':
    case 'relay':
    case 'answered':
      return effect.type;
  }
}

/** Runs an exchange machine through these inputs: what it did at each, and what it answered in the end. */
export function drive<A>(exchange: Exchange<A>, inputs: readonly Input[]) {
  let state = exchange.initial;
  let answer: A | undefined;
  const steps: string[][] = [];
  const written: string[] = [];
  for (const input of [{ type: 'start', previousAnswer: undefined } as const, ...inputs]) {
    const step = exchange.step(state, input);
    state = step.state;
    steps.push(step.effects.map(word));
    for (const effect of step.effects) {
      if (effect.type === 'done' || effect.type === 'answered') answer = effect.answer;
      if (effect.type === 'write') written.push(hexOf(effect.bytes));
    }
  }
  return { steps, last: steps.at(-1) ?? [], answer, written };
}
