import { describe, expect, it } from 'vitest';
import { type FaceName, mockTransport, replayTerminal } from '../../mocks/index.ts';
import { memoryJournal } from '../../src/journal/memory.ts';
import type { Command } from '../../src/terminal/command.ts';
import { openTerminal, type TerminalOptions } from '../../src/terminal/open.ts';
import type { Terminal } from '../../src/terminal/terminal.ts';
import { parseRecording, recordedLine, recordingHeader } from '../../src/trace/recording.ts';
import type { WireFrame } from '../../src/trace/wire-frame.ts';
import { createFakeClock, settle } from '../support/fake-clock.ts';
import { createTill, listen, untilDone } from '../support/till.ts';

/** What makes the words of a trace is loaded when somebody begins to listen. */
await import('../../src/trace/read-frame.ts');

const header = (protocol: string) =>
  recordingHeader({
    tillwire: '0.0.0-test',
    protocol,
    transport: 'mock',
    startedAt: '2026-11-22T10:00:00.000Z',
  });

const textOf = (protocol: string, frames: readonly WireFrame[]) =>
  [JSON.stringify(header(protocol)), ...frames.map(recordedLine), ''].join('\n');

type Clock = ReturnType<typeof createFakeClock>;

/** A sale, its void and the end of the day, and when each of their results came. `most`: only so many. */
async function aDay(terminal: Terminal, clock: Clock, most = 4) {
  const amount = { amount: 1500, currency: terminal.currency };
  const results: unknown[] = [];
  const began = clock.now();
  const commands: readonly (() => Command<unknown>)[] = [
    () => terminal.status(),
    () => terminal.purchase({ amount }, { key: 'the sale' }),
    () =>
      terminal.voidTransaction({ amount }, { operator: 'ana', reason: 'wrong', key: 'the void' }),
    () => terminal.settle(),
  ];
  for (const command of commands.slice(0, most)) {
    const { heard } = listen<unknown>(command());
    await untilDone(clock, heard);
    if (heard.error !== undefined) throw heard.error;
    results.push({ after: clock.now() - began, result: heard.result });
  }
  return results;
}

const options = (protocol: FaceName): TerminalOptions =>
  protocol === 'zvt' ? { secrets: { password: '123456' } } : {};

async function recordedDay(protocol: FaceName, most = 4) {
  const { clock, mock, terminal } = await createTill({ protocol }, options(protocol));
  const frames: WireFrame[] = [];
  terminal.wire$.subscribe((frame) => frames.push(frame));
  const results = await aDay(terminal, clock, most);
  await terminal.close();
  mock.close();
  return { text: textOf(protocol, frames), results };
}

async function replayed(protocol: FaceName, text: string, own: TerminalOptions = {}) {
  const clock = createFakeClock();
  const mismatches: string[] = [];
  const mock = await replayTerminal(text, {
    clock,
    onMismatch: ({ message }) => mismatches.push(message),
  });
  let drawn = 0;
  const world = {
    clock,
    random: (length: number) => (++drawn).toString(36).toUpperCase().padStart(length, 'K'),
  };
  const terminal = await openTerminal(protocol, {
    transport: mockTransport(mock),
    journal: memoryJournal(),
    world,
    ...options(protocol),
    ...own,
  });
  return { clock, mock, terminal, mismatches };
}

describe('a replayed terminal', () => {
  it.each<FaceName>([
    'transbank',
    'transbank-autoservicio',
    'ecr17',
    'zvt',
    'privatbank',
    'pax-poslink',
  ])('answers a day on %s as the recorded one did, in the same time', async (protocol) => {
    const { text, results } = await recordedDay(protocol);
    const { clock, mock, terminal, mismatches } = await replayed(protocol, text);
    const again = await aDay(terminal, clock).catch((error: unknown) => error);
    expect(mismatches).toEqual([]);
    expect(again).toEqual(results);
    expect(mock.finished).toBe(true);
    await terminal.close();
  });

  it('answers a sale on a terminal that a profile describes', async () => {
    const { text, results } = await recordedDay('allinpay-mis', 2);
    const { clock, mock, terminal } = await replayed('allinpay-mis', text);
    expect(await aDay(terminal, clock, 2)).toEqual(results);
    expect(mock.finished).toBe(true);
    await terminal.close();
  });

  it('says what it expected and what came, and is silent from then on', async () => {
    const { text } = await recordedDay('transbank');
    const { clock, mock, terminal, mismatches } = await replayed('transbank', text);
    const { heard } = listen(terminal.settle());
    await untilDone(clock, heard);
    expect(mismatches).toEqual([
      'The till\'s frame 2 is not as recorded: expected was "sale", and "close" came. The terminal is silent from now on.',
    ]);
    expect(mock.mismatch).toMatchObject({ position: 2, expected: 'sale', came: 'close' });
    expect(heard.error).toMatchObject({ code: expect.any(String) });
    const again = listen(terminal.status());
    await untilDone(clock, again.heard);
    expect(again.heard.error).toMatchObject({ code: expect.any(String) });
    expect(mismatches).toHaveLength(1);
    expect(mock.finished).toBe(false);
    await terminal.close();
  });

  it('says it too when the till goes on where the recording ends', async () => {
    const { text } = await recordedDay('transbank');
    const status = text.split('\n').slice(0, 3).concat('').join('\n');
    const { clock, mock, terminal } = await replayed('transbank', status);
    const first = listen(terminal.status());
    await untilDone(clock, first.heard);
    expect(first.heard.result).toMatchObject({ outcome: 'ready' });
    expect(mock.finished).toBe(true);
    const second = listen(terminal.status());
    await untilDone(clock, second.heard);
    expect(mock.mismatch).toMatchObject({ position: 2, expected: undefined, came: 'poll' });
    await terminal.close();
  });

  it('waits as long as the terminal did, and not for its own sake', async () => {
    const at = Date.UTC(2026, 10, 22);
    const frame = (from: 'till' | 'terminal', after: number, hex: string, name: string) => ({
      at: at + after,
      epoch: 1,
      from,
      name,
      fields: {},
      hex,
      length: hex.length / 2,
    });
    const text = textOf('transbank', [
      frame('terminal', 0, '06', 'ACK'),
      frame('till', 10, '02303130300302', 'poll'),
      frame('terminal', 60, '06', 'ACK'),
      frame('terminal', 3_060, '15', 'NAK'),
    ]);
    const clock = createFakeClock();
    const mock = await replayTerminal(text, { clock });
    // There is a plug, and no simulated terminal behind it whose books anybody could look at.
    for (const name of ['terminal', 'received', 'transcript', 'use', 'fault'])
      expect(mock).not.toHaveProperty(name);
    const heard: [number, number | undefined][] = [];
    const began = clock.now();
    const peer = mock.plug({
      send: ([byte]) => heard.push([clock.now() - began, byte]),
      unplug: () => {},
    });
    await clock.advance(1_000);
    peer.data(Uint8Array.of(0x02, 0x30, 0x31));
    peer.data(Uint8Array.of(0x30, 0x30, 0x03, 0x02));
    await clock.advance(10_000);
    expect(heard).toEqual([
      [0, 0x06],
      [1_050, 0x06],
      [4_050, 0x15],
    ]);
    expect(mock.finished).toBe(true);
    mock.close();
    await settle();
    expect(clock.pending).toBe(0);
  });

  it.each([
    ['', /empty/],
    ['{}\n', /line 1 .* not the header/],
    ['{"type":"recording","version":2,"protocol":"zvt","transport":"tcp"}\n', /version must be 1/],
    [`${JSON.stringify(header('telepathy'))}\n`, /telepathy, which is not known/],
    [`${JSON.stringify(header('profile'))}\n`, /needs the profile/],
    [`${JSON.stringify(header('zvt'))}\n{"at":1,"from":"you"}\n`, /line 2 .* from must be/],
    [`${JSON.stringify(header('zvt'))}\nnonsense\n`, /line 2 .* not JSON/],
    [
      `${JSON.stringify(header('zvt'))}\n{"at":1,"from":"terminal","name":"x","length":9,"hex":""}\n`,
      /frame 1, of the terminal, has no bytes/,
    ],
  ])('is not made of %j', async (text, why) => {
    await expect(replayTerminal(text)).rejects.toThrow(why);
  });

  it('leaves out a last line that was not written to its end', () => {
    const { text } = { text: `${JSON.stringify(header('zvt'))}\n{"at":1,"from":"ti` };
    expect(parseRecording(text).frames).toEqual([]);
  });
});
