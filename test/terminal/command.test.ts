import { firstValueFrom, lastValueFrom, retry, take, timeout } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { clp } from '../../src/model/money.ts';
import { resultOf } from '../../src/terminal/command.ts';
import { createTill, listen, untilDone } from '../support/till.ts';

const ana = { operator: 'ana', reason: 'out of stock' };

async function voidCommand(faults: readonly string[] = []) {
  const till = await createTill({ faults, sales: [{ amount: 1500 }] });
  const command = till.terminal.voidTransaction({ amount: clp(1500) }, ana);
  const sent = () => till.mock.received.filter(({ code }) => code === '1200').length;
  const voids = () => till.mock.terminal.ledger.filter(({ kind }) => kind === 'void').length;
  return { ...till, command, sent, voids };
}

describe('a command', () => {
  it('does nothing until somebody subscribes', async () => {
    const { clock, mock } = await voidCommand();
    await clock.advance(10_000);
    expect(mock.transcript).toEqual([]);
  });

  it('runs once for two subscribers, who see the same', async () => {
    const { command, clock, sent, voids } = await voidCommand();
    const [one, two] = [listen(command), listen(command)];
    await untilDone(clock, one.heard);
    expect(one.events).toEqual(two.events);
    expect([sent(), voids()]).toEqual([1, 1]);
  });

  it('replays to whoever comes later', async () => {
    const { command, clock, sent } = await voidCommand();
    const first = listen(command);
    await untilDone(clock, first.heard);
    const later = listen(command);
    expect(later.events).toEqual(first.events);
    await expect(resultOf(command)).resolves.toMatchObject({ outcome: 'voided' });
    expect(sent()).toBe(1);
  });

  it('runs once under retry(2), and fails three times with the same error', async () => {
    const { command, clock, sent, voids } = await voidCommand(['no-answer@void']);
    const watched = listen(command.pipe(retry(2)));
    await untilDone(clock, watched.heard);
    expect(watched.heard.error).toMatchObject({ code: 'no-answer', effect: 'unknown' });
    expect(watched.events.filter((event) => event === 'queued')).toHaveLength(3);
    expect([sent(), voids()]).toEqual([1, 1]);
  });

  it('goes on to its end when take(1) has seen enough', async () => {
    const { command, clock, sent, voids } = await voidCommand();
    await expect(firstValueFrom(command.pipe(take(1)))).resolves.toMatchObject({ type: 'queued' });
    await clock.advance(10_000);
    expect([sent(), voids()]).toEqual([1, 1]);
  });

  it('goes on to its end when its watcher unsubscribes in the middle', async () => {
    const { command, clock, sent, voids } = await voidCommand();
    const watched = listen(command);
    await clock.advance(1);
    watched.unsubscribe();
    await clock.advance(10_000);
    expect([sent(), voids()]).toEqual([1, 1]);
    await expect(lastValueFrom(command)).resolves.toMatchObject({ type: 'result' });
  });

  it('goes on to its end when its watcher has lost patience', async () => {
    const { command, clock, sent, voids } = await voidCommand();
    await expect(lastValueFrom(command.pipe(timeout(1)))).rejects.toThrow('Timeout');
    await clock.advance(10_000);
    expect([sent(), voids()]).toEqual([1, 1]);
  });

  it('ends with an error in a promise, never with silence', async () => {
    const { command, clock } = await voidCommand(['no-answer@void']);
    const outcome = expect(resultOf(command)).rejects.toMatchObject({ code: 'no-answer' });
    await untilDone(clock, listen(command).heard);
    await outcome;
  });
});

describe('commands on one terminal', () => {
  it('take turns: the second is sent when the first has ended', async () => {
    const { terminal, clock, mock } = await createTill({ sales: [{ amount: 1500 }] });
    const first = listen(terminal.lastTransaction());
    const second = listen(terminal.totals());
    await clock.advance(1);
    expect(second.events).toEqual(['queued']);
    await untilDone(clock, second.heard);
    expect(first.heard.result).toMatchObject({ outcome: 'found' });
    expect(mock.received.map(({ code }) => code)).toEqual(['0250', '0700']);
  });

  it('can be cancelled while they wait', async () => {
    const { terminal, clock, mock } = await createTill();
    const abort = new AbortController();
    const first = listen(terminal.lastTransaction());
    const second = listen(terminal.totals({ signal: abort.signal }));
    abort.abort();
    await untilDone(clock, first.heard);
    expect(second.heard.error).toMatchObject({ code: 'cancelled', effect: 'none' });
    expect(mock.received.map(({ code }) => code)).toEqual(['0250']);
  });

  it('that wait are refused on close; the running one ends by itself', async () => {
    const { terminal, clock } = await createTill({ sales: [{ amount: 1500 }] });
    const states: string[] = [];
    terminal.state$.subscribe({
      next: ({ type }) => states.push(type),
      complete: () => states.push('complete'),
    });
    const running = listen(terminal.lastTransaction());
    const waiting = listen(terminal.totals());
    const closing = terminal.close();
    const late = listen(terminal.status());
    await untilDone(clock, running.heard);
    await closing;
    expect(running.heard.result).toMatchObject({ outcome: 'found' });
    expect([waiting.heard.error, late.heard.error]).toMatchObject([
      { code: 'closed', effect: 'none' },
      { code: 'closed', effect: 'none' },
    ]);
    expect(states.slice(-2)).toEqual(['closed', 'complete']);
  });

  it('end as busy on a line that never falls silent, whatever the clock does', async () => {
    const { terminal, clock, mock } = await createTill({
      sales: [{ amount: 1500 }],
      faults: ['nak-once'],
    });
    const first = listen(terminal.lastTransaction());
    await untilDone(clock, first.heard);
    const chatter = () => {
      mock.use({
        install: (bench) => {
          bench.put(Uint8Array.of(0xff));
          return () => {};
        },
      });
      clock.after(500, chatter);
    };
    chatter();
    const second = listen(terminal.totals());
    await clock.advance(60_000);
    expect(second.heard.error).toMatchObject({ code: 'terminal-busy', effect: 'none' });
  });

  it('leave no timer behind', async () => {
    const { terminal, clock, mock } = await createTill({ sales: [{ amount: 1500 }] });
    const { heard } = listen(terminal.lastTransaction());
    await untilDone(clock, heard);
    await terminal.close();
    mock.close();
    expect(clock.pending).toBe(0);
  });

  it.each([0, -1, 1.5, Number.NaN, 2 ** 31])('refuse a time-out of %s ms', async (timeoutMs) => {
    const { terminal, clock, mock } = await createTill();
    const { heard } = listen(terminal.status({ timeoutMs }));
    await untilDone(clock, heard);
    expect(heard.error).toMatchObject({ code: 'bad-settings', effect: 'none' });
    expect(mock.transcript).toEqual([]);
  });

  it('wait for an answer as long as they are told', async () => {
    const { terminal, clock } = await createTill({
      faults: ['late-answer=9000'],
      sales: [{ amount: 1500 }],
    });
    const { heard } = listen(terminal.lastTransaction({ timeoutMs: 5_000 }));
    await clock.advance(6_000);
    expect(heard.error).toMatchObject({ code: 'no-answer', effect: 'none' });
  });
});
