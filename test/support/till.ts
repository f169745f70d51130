import { createMockTerminal, type MockTerminalOptions } from '../../mocks/mock-terminal.ts';
import { mockTransport } from '../../mocks/mock-transport.ts';
import { memoryJournal } from '../../src/journal/memory.ts';
import type { CommandEvent } from '../../src/model/events.ts';
import type { Command } from '../../src/terminal/command.ts';
import { openTerminal, type TerminalOptions } from '../../src/terminal/open.ts';
import { createFakeClock, settle } from './fake-clock.ts';

/** A till and a mock terminal on one fake clock. */
export async function createTill(
  mockOptions: Partial<MockTerminalOptions> = {},
  options: TerminalOptions = {},
) {
  const clock = createFakeClock();
  const mock = createMockTerminal({ protocol: 'transbank', clock, ...mockOptions });
  let drawn = 0;
  const world = {
    clock,
    random: (length: number) => (++drawn).toString(36).toUpperCase().padStart(length, 'K'),
  };
  const journal = memoryJournal();
  const terminal = await openTerminal(mock.protocol, {
    transport: mockTransport(mock),
    journal,
    world,
    ...options,
  });
  return { clock, mock, journal, terminal, world };
}

/** What a command has said so far, in few words. */
export function listen<R>(command: Command<R>) {
  const events: string[] = [];
  const heard: { result?: R; error?: unknown; done: boolean } = { done: false };
  const subscription = command.subscribe({
    next(event) {
      events.push(word(event));
      if (event.type === 'result') heard.result = event.result;
    },
    error(error: unknown) {
      heard.error = error;
      heard.done = true;
      events.push(`error ${String(Reflect.get(Object(error), 'code'))}`);
    },
    complete() {
      heard.done = true;
      events.push('complete');
    },
  });
  return { events, heard, unsubscribe: () => subscription.unsubscribe() };
}

function word<R>(event: CommandEvent<R>): string {
  switch (event.type) {
    case 'sent':
      return event.attempt === 1 ? `sent ${event.request}` : `sent ${event.request} again`;
    case 'prompt':
      return `prompt ${event.code}`;
    case 'result':
      return `result ${String(Reflect.get(Object(event.result), 'outcome'))}`;
    default:
      return event.type;
  }
}

/** Lets time pass, a second at a time, until the command has ended or `limitMs` have passed. */
export async function untilDone(
  clock: { advance(ms: number): Promise<void> },
  heard: { readonly done: boolean },
  limitMs = 600_000,
): Promise<void> {
  await settle();
  for (let passed = 0; !heard.done && passed < limitMs; passed += 1_000) await clock.advance(1_000);
}
