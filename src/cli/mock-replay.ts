import { readFile } from 'node:fs/promises';
import { type ReplayedTerminal, replayTerminal } from '../../mocks/index.ts';
import { UsageError } from './exit.ts';
import type { MockRequest } from './mock.ts';
import type { Output } from './output.ts';

const own = ['seedSales', 'think', 'uhid'] as const;

/** A terminal that answers as in a recording. */
export async function mockReplay(
  named: string | undefined,
  file: string,
  request: MockRequest,
  output: Output,
): Promise<{ protocol: string; terminal: ReplayedTerminal }> {
  if (
    own.some((name) => request[name] !== undefined) ||
    request.sale.length > 0 ||
    request.fault.length > 0
  )
    throw new UsageError(
      'A replay does what was recorded and nothing else; it takes --pty or --tcp, and --profile.',
    );
  try {
    const { profile } = request;
    const terminal = await replayTerminal(await readFile(file, 'utf8'), {
      ...(profile !== undefined && { profile: await readFile(profile, 'utf8') }),
      onMismatch: (mismatch) => output.line(mismatch.message, { type: 'mismatch', ...mismatch }),
    });
    if (named !== undefined && named !== terminal.spoken) {
      terminal.close();
      throw new UsageError(`${file} is a recording of ${terminal.spoken}, not of ${named}.`);
    }
    return { protocol: terminal.spoken, terminal };
  } catch (cause) {
    if (cause instanceof UsageError) throw cause;
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new UsageError(`${file} cannot be replayed: ${why}`, { cause });
  }
}
