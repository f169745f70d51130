import { readFile } from 'node:fs/promises';
import {
  createMockTerminal,
  faceNames,
  isFaceName,
  type MockTerminal,
  openPty,
  parseSales,
} from '../../mocks/index.ts';
import { type ExitStatus, exit, UsageError } from './exit.ts';
import type { Output } from './output.ts';
import { amountArgument } from './values.ts';

export interface MockRequest {
  readonly pty?: string;
  readonly seedSales?: string;
  readonly sale: readonly string[];
  readonly fault: readonly string[];
  readonly think?: number;
}

/** Runs a mock terminal on a pseudo-terminal until it is interrupted. */
export async function mock(
  protocol: string,
  request: MockRequest,
  output: Output,
): Promise<ExitStatus> {
  const terminal = await create(protocol, request);
  const pty = await openPty(terminal, request.pty === undefined ? {} : { link: request.pty });
  const where = request.pty ?? pty.path;
  output.line(`A ${protocol} terminal listens on ${where}`, {
    type: 'listening',
    protocol,
    path: pty.path,
    address: `${protocol}+serial:${where}`,
  });
  output.note(`Its address is ${protocol}+serial:${where}; interrupt to stop.`);
  await new Promise<void>((resolve) => {
    process.once('SIGINT', resolve);
    process.once('SIGTERM', resolve);
  });
  await pty.close();
  terminal.close();
  return exit.done;
}

async function create(protocol: string, request: MockRequest): Promise<MockTerminal> {
  if (!isFaceName(protocol))
    throw new UsageError(`There is no mock of ${protocol}; there are ${faceNames.join(', ')}.`);
  try {
    const file = request.seedSales;
    const seeded = file === undefined ? [] : parseSales(await readFile(file, 'utf8'));
    const sales = request.sale.map((amount) => ({ amount: amountArgument(amount) }));
    return createMockTerminal({
      protocol,
      sales: [...seeded, ...sales],
      faults: request.fault,
      ...(request.think !== undefined && { thinkMs: request.think }),
    });
  } catch (cause) {
    if (cause instanceof UsageError) throw cause;
    throw new UsageError(cause instanceof Error ? cause.message : String(cause), { cause });
  }
}
