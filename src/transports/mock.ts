import { TerminalError } from '../model/error.ts';
import type { TransportAddress } from './table.ts';
import type { Transport } from './transport.ts';

const known = ['sale', 'fault', 'think'];

/**
 * A mock terminal inside this process, for trying things out: `transbank+mock:`, or with sales already in
 * its memory and a fault: `transbank+mock:?sale=1500,4200&fault=no-answer@void&think=5`.
 * @throws {TerminalError} `bad-address` for an option, an amount or a fault that makes no sense
 */
export async function inProcessMock({
  protocol,
  where,
  options,
}: TransportAddress): Promise<Transport> {
  if (where !== '') throw bad(`nothing may stand behind mock: but options; got ${where}`);
  for (const name of options.keys())
    if (!known.includes(name))
      throw bad(`unknown option ${JSON.stringify(name)}; known: ${known.join(', ')}`);
  const { createMockTerminal, isFaceName, mockTransport } = await import('../../mocks/index.ts');
  if (!isFaceName(protocol)) throw bad(`there is no mock of ${protocol}`);
  const think = options.get('think');
  try {
    return mockTransport(
      createMockTerminal({
        protocol,
        transport: 'tcp',
        sales: list(options.get('sale')).map((amount) => ({ amount: wholeNumber('sale', amount) })),
        faults: list(options.get('fault')),
        ...(think !== undefined && { thinkMs: wholeNumber('think', think) }),
      }),
    );
  } catch (cause) {
    throw cause instanceof TerminalError ? cause : bad(String(cause), cause);
  }
}

const list = (text = ''): string[] => (text === '' ? [] : text.split(','));

function wholeNumber(name: string, text: string): number {
  if (/^\d{1,9}$/.test(text)) return Number(text);
  throw bad(`${name} must be a whole number; got ${JSON.stringify(text)}`);
}

const bad = (why: string, cause?: unknown) =>
  new TerminalError('bad-address', 'none', `The mock terminal's address makes no sense: ${why}.`, {
    cause,
  });
