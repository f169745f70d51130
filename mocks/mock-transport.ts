import { memoryTransport } from '../src/transports/memory.ts';
import type { Transport } from '../src/transports/transport.ts';
import type { MockPlug } from './mock-terminal.ts';

/**
 * A way to a mock terminal inside this process. It opens again after a replug; while the mock is
 * unplugged or held by another connection, `open` rejects with a TerminalError of effect `none`.
 */
export const mockTransport = (mock: MockPlug): Transport =>
  memoryTransport(mock.plug, `mock:${mock.protocol}`);
