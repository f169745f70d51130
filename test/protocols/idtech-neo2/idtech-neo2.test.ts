import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { toHex, toLatin1 } from '../../../src/framing/bytes.ts';
import type { Frame } from '../../../src/framing/frame.ts';
import type { Exchange } from '../../../src/protocols/exchange.ts';
import { neo2Deframer } from '../../../src/protocols/idtech-neo2/deframer.ts';
import { message } from '../../../src/protocols/idtech-neo2/message.ts';
import { idtechNeo2Protocol } from '../../../src/protocols/idtech-neo2/protocol.ts';
import { cancel, firmwareVersion, ping } from '../../../src/protocols/idtech-neo2/requests.ts';
import { plainSetup, protocols } from '../../../src/protocols/table.ts';

const hex = (text: string): Uint8Array =>
  Uint8Array.from(Buffer.from(text.replaceAll(/\s/g, ''), 'hex'));
const tag = '56 69 56 4f 74 65 63 68 32 00';

const shown = (frames: readonly Frame[]): string[] =>
  frames.map((frame) => {
    if (frame.kind === 'frame') return `${frame.check} ${toHex(frame.data)}`;
    return frame.kind === 'noise' ? `${frame.reason} ${toHex(frame.bytes)}` : frame.name;
  });

const answer = (command: number, status: number, data?: Uint8Array): Frame => {
  const [frame] = neo2Deframer().push(message('terminal', command, status, data));
  if (frame === undefined) throw new Error('no frame');
  return frame;
};

describe('a message of NEO 2', () => {
  // NEO 2 Interface Developer's Guide 80139403-002, pages 42 and 465.
  it.each([
    ['ping', message('till', 0x18, 0x01), '18 01 00 00 b3 cd'],
    ['answer to ping', message('terminal', 0x18, 0x00), '18 00 00 00 fa 83'],
    ['get configuration', message('till', 0x03, 0x02), '03 02 00 00 5b 91'],
    ['display system screen', message('till', 0x61, 0x17), '61 17 00 00 72 8d'],
    ['its answer', message('terminal', 0x61, 0x00), '61 00 00 00 4b 81'],
  ])('%s is as in the guide', (_, bytes, expected) => {
    expect(toHex(bytes)).toBe(toHex(hex(`${tag} ${expected}`)));
  });

  it('is read back whatever its data, however it was cut, with noise around it', () => {
    const datas = fc.array(fc.uint8Array({ maxLength: 300 }), { minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(datas, fc.integer({ min: 1, max: 80 }), (parts, cut) => {
        const wire = Uint8Array.from([
          ...[0, 0, 0x56],
          ...parts.flatMap((data) => [...message('terminal', 0x29, 0, data), 0, 0]),
        ]);
        const whole = shown(neo2Deframer().push(wire));
        const deframer = neo2Deframer();
        const inPieces: Frame[] = [];
        for (let at = 0; at < wire.length; at += cut)
          inPieces.push(...deframer.push(wire.subarray(at, at + cut)));
        expect(shown(inPieces)).toEqual(whole);
        const found = whole.filter((text) => text.startsWith('ok'));
        expect(found).toEqual(
          parts.map((data) => `ok 2900${data.length.toString(16).padStart(4, '0')}${toHex(data)}`),
        );
      }),
      { numRuns: 50 },
    );
  });

  it('whose check does not agree is told, and the next one is found', () => {
    const bad = message('terminal', 0x18, 0);
    bad.set([0xff], 14);
    const frames = neo2Deframer().push(Uint8Array.from([...bad, ...message('terminal', 0x18, 0)]));
    expect(shown(frames)).toEqual(['bad 18000000', 'ok 18000000']);
  });

  it('that was cut short does not take the good one behind it along', () => {
    const long = message('terminal', 0x29, 0, new Uint8Array(40));
    const good = message('terminal', 0x18, 0);
    const deframer = neo2Deframer();
    const frames = deframer.push(Uint8Array.from([...long.subarray(0, 20), ...good]));
    expect(shown([...frames, ...deframer.push(new Uint8Array(40))])).toContain('ok 18000000');
  });

  it('longer than any the reader sends is noise', () => {
    const frames = neo2Deframer().push(hex(`${tag} 18 00 ff ff 00`));
    expect(shown(frames)).toEqual([]);
    const deframer = neo2Deframer();
    deframer.push(hex(`${tag} 18 00 ff ff 00`));
    expect(deframer.pending()).toBe(true);
    expect(shown(deframer.flush())[0]).toMatch(/^too-long/);
    expect(deframer.pending()).toBe(false);
  });

  it('of anything at all neither throws nor is lost, and the memory is bounded', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 100 }), { maxLength: 20 }), (chunks) => {
        const deframer = neo2Deframer();
        const frames = [...chunks.flatMap((chunk) => deframer.push(chunk)), ...deframer.flush()];
        const bytes = frames.flatMap((frame) => (frame.kind === 'control' ? [] : [...frame.bytes]));
        expect(Uint8Array.from(bytes)).toEqual(
          Uint8Array.from(chunks.flatMap((chunk) => [...chunk])),
        );
      }),
    );
  });
});

describe('what a NEO 2 reader is asked', () => {
  it('is ready, or says why not', () => {
    const { step, initial, request } = ping();
    expect(toHex(request()).slice(20)).toBe('18010000b3cd');
    const started = step(initial, { type: 'start', previousAnswer: undefined });
    expect(started.effects.map(({ type }) => type)).toEqual(['write', 'wait']);
    const result = (status: number) =>
      step(started.state, { type: 'frame', frame: answer(0x18, status) }).effects[0];
    expect(result(0x00)).toMatchObject({ type: 'done', answer: { outcome: 'ready' } });
    expect(result(0x0a)).toMatchObject({
      answer: {
        outcome: 'not-ready',
        terminalCode: '0a',
        message: expect.stringContaining('failed'),
      },
    });
    expect(result(0x77)).toMatchObject({ answer: { outcome: 'not-ready', terminalCode: '77' } });
  });

  it('has its own answer only, and ends by silence or a garbled one', () => {
    const { step, initial } = ping();
    const { state } = step(initial, { type: 'start', previousAnswer: undefined });
    const other = step(state, { type: 'frame', frame: answer(0x02, 0x00) });
    expect(other.effects).toMatchObject([{ type: 'stray', reason: 'stale' }]);
    expect(step(state, { type: 'timeout' }).effects).toMatchObject([{ failure: 'no-answer' }]);
    const bad = message('terminal', 0x18, 0);
    bad.set([0xff], 14);
    const [frame] = neo2Deframer().push(bad);
    expect(frame && step(state, { type: 'frame', frame }).effects).toMatchObject([
      { failure: 'garbled-answer' },
    ]);
    const done = step(state, { type: 'frame', frame: answer(0x18, 0) });
    expect(step(done.state, { type: 'timeout' }).effects).toEqual([]);
    expect(step(state, { type: 'cancel' }).effects).toEqual([]);
  });

  it('tells its firmware without control characters or card numbers, and stops reading', () => {
    const ask = <A>({ step, initial }: Exchange<A>, frame: Frame): A | undefined => {
      const { state } = step(initial, { type: 'start', previousAnswer: undefined });
      const [effect] = step(state, { type: 'frame', frame }).effects;
      return effect?.type === 'done' ? effect.answer : undefined;
    };
    const version = toLatin1('VP5300 FW v1.00.S\0 4111111111111111');
    const found = ask(firmwareVersion(), answer(0x29, 0x00, version));
    expect(found).toMatchObject({ outcome: 'found' });
    expect(JSON.stringify(found)).not.toContain('4111111111111111');
    expect(JSON.stringify(found)).toContain('VP5300 FW v1.00.S');
    expect(ask(firmwareVersion(), answer(0x29, 0x0b))).toMatchObject({
      outcome: 'declined',
      responseCode: '0b',
    });
    expect(ask(cancel(), answer(0x05, 0x00))).toMatchObject({ outcome: 'done' });
    expect(ask(cancel(), answer(0x05, 0x0a))).toMatchObject({ outcome: 'declined' });
  });

  it('is described without its data', () => {
    const { describe: words } = idtechNeo2Protocol();
    const data = message('terminal', 0x02, 0x23, toLatin1(';4111111111111111=2512')).subarray(
      10,
      -2,
    );
    expect(words(data, 'terminal')).toEqual({
      code: '02-23',
      name: 'activate transaction',
      fields: { status: 'status 23, which no table lists', dataBytes: 22 },
    });
    expect(words(hex('1801 0000'), 'till')).toEqual({
      code: '18-01',
      name: 'ping',
      fields: { dataBytes: 0 },
    });
    expect(words(new Uint8Array(), undefined).name).toBe('unknown');
  });

  it('is a protocol of the table', async () => {
    const protocol = await protocols.get('idtech-neo2')?.load(plainSetup);
    expect(protocol?.capabilities).toMatchObject({
      voidBy: 'none',
      queryBy: 'none',
      commands: ['status'],
    });
  });
});
