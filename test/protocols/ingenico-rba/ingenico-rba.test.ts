import { describe, expect, it } from 'vitest';
import { toHex, toLatin1 } from '../../../src/framing/bytes.ts';
import type { Frame } from '../../../src/framing/frame.ts';
import { stxEtxLrcDeframer, stxFrame } from '../../../src/framing/stx-etx-lrc.ts';
import type { Exchange } from '../../../src/protocols/exchange.ts';
import { ingenicoRbaProtocol } from '../../../src/protocols/ingenico-rba/protocol.ts';
import { healthCheck, reset, status } from '../../../src/protocols/ingenico-rba/requests.ts';
import { plainSetup, protocols } from '../../../src/protocols/table.ts';

const said = (text: string): Frame => {
  const [frame] = stxEtxLrcDeframer().push(stxFrame(toLatin1(text)));
  if (frame === undefined) throw new Error('no frame');
  return frame;
};

/** The effects of the last of these frames, after the request has gone out and was acknowledged. */
function whenTold<A>({ step, initial }: Exchange<A>, ...frames: readonly Frame[]) {
  const started = step(initial, { type: 'start', previousAnswer: undefined });
  let now = step(started.state, { type: 'frame', frame: { kind: 'control', name: 'ACK' } });
  for (const frame of frames) now = step(now.state, { type: 'frame', frame });
  return now.effects;
}

describe('an Ingenico RBA pad', () => {
  it('is asked as public drivers ask it', () => {
    // alfredrb/sureflow-pos0: the health check with its LRC; CORE-POS/IS4C: status and hard reset.
    expect(toHex(healthCheck().request())).toBe('0230382e300315');
    expect(toHex(status().request())).toBe('0231312e032d');
    expect(toHex(reset().request())).toBe('0231302e032c');
  });

  it('tells its state', () => {
    const ready = whenTold(status(), said('11.00 Slide card'));
    expect(ready).toMatchObject([
      { type: 'write', as: 'reply' },
      { type: 'done', answer: { outcome: 'ready', message: 'The pad is there, in state 00.' } },
    ]);
    expect(whenTold(status(), said('11.10'))[1]).toMatchObject({
      answer: { outcome: 'not-ready', terminalCode: '10' },
    });
    expect(whenTold(status(), said('11.'))[1]).toMatchObject({ answer: { outcome: 'ready' } });
  });

  it('is not answered by a message about something else', () => {
    expect(whenTold(status(), said('24.0'))).toMatchObject([
      { type: 'write' },
      { type: 'stray', reason: 'stale' },
    ]);
    expect(whenTold(status(), said('nonsense'))).toMatchObject([
      { type: 'write' },
      { type: 'stray' },
    ]);
  });

  it('reports on itself without card numbers', () => {
    const effects = whenTold(healthCheck(), said('08.INGENICO\x1c4111111111111111\x1c12'));
    expect(effects[1]).toMatchObject({
      answer: { outcome: 'found', report: expect.stringContaining('INGENICO') },
    });
    expect(JSON.stringify(effects)).not.toContain('4111111111111111');
  });

  it('drops what it was doing, which its ACK says', () => {
    expect(whenTold(reset())).toMatchObject([
      { type: 'progress' },
      { type: 'done', answer: { outcome: 'done' } },
    ]);
  });

  it('is described without what the message says', () => {
    const { describe: words } = ingenicoRbaProtocol();
    expect(words(toLatin1('23.0%B4111111111111111^'), 'terminal')).toEqual({
      code: '23',
      name: 'card read',
      fields: { characters: 20 },
    });
    expect(words(toLatin1('99.'), 'terminal').name).toBe('unknown');
    expect(words(toLatin1('%B4111'), undefined)).toEqual({
      code: '',
      name: 'unknown',
      fields: { malformed: 'code' },
    });
  });

  it('is a protocol of the table', async () => {
    const protocol = await protocols.get('ingenico-rba')?.load(plainSetup);
    expect(protocol?.capabilities).toMatchObject({
      voidBy: 'none',
      queryBy: 'none',
      commands: ['status'],
    });
  });
});
