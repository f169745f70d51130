import { readFile } from 'node:fs/promises';
import {
  createMockTerminal,
  type FaceName,
  faceNames,
  isFaceName,
  type MockPlug,
  type MockTerminal,
  openPty,
  openTcp,
  openUhid,
  parseSales,
} from '../../mocks/index.ts';
import { packingNames } from '../framing/hid-packing.ts';
import { profilePath } from '../profiles/builtin.ts';
import { readTextFile } from '../profiles/file.ts';
import { type ExitStatus, exit, UsageError } from './exit.ts';
import { mockReplay } from './mock-replay.ts';
import type { Output } from './output.ts';
import { amountArgument, hostAndPort } from './values.ts';

export interface MockRequest {
  readonly pty?: string;
  readonly tcp?: string;
  readonly wide?: true;
  /** The packing of its reports; true when none was named. */
  readonly uhid?: string | true;
  readonly seedSales?: string;
  readonly sale: readonly string[];
  readonly fault: readonly string[];
  readonly think?: number;
  /** A file that describes the terminal, instead of a protocol. */
  readonly profile?: string;
  /** A recording to answer from, instead of a terminal of its own. */
  readonly replay?: string;
}

/** Where the mock can be reached. */
interface Reachable {
  /** Behind the protocol's name in an address: `serial:/dev/pts/3`, `tcp://127.0.0.1:20007`. */
  readonly address: string;
  /** For a person. */
  readonly place: string;
  /** For a program. */
  readonly json: object;
  close(): Promise<void>;
}

/** Runs a mock terminal on a pseudo-terminal, on TCP or as a HID device until it is interrupted. */
export async function mock(
  named: string | undefined,
  request: MockRequest,
  output: Output,
): Promise<ExitStatus> {
  const place = placeOf(request);
  const { protocol, terminal } =
    request.replay === undefined
      ? await simulated(nameOf(named, request), request)
      : await mockReplay(named, request.replay, request, output);
  const reachable = await place(terminal);
  const file = request.profile === undefined ? '' : `?file=${request.profile}`;
  const address = `${protocol}+${reachable.address}${file}`;
  // Whoever reads that it listens may end it at once.
  const interrupted = new Promise<void>((resolve) => {
    process.once('SIGINT', resolve);
    process.once('SIGTERM', resolve);
  });
  output.line(`A terminal that speaks ${protocol} listens on ${reachable.place}`, {
    type: 'listening',
    protocol,
    ...reachable.json,
    address,
  });
  output.note(`Its address is ${address}; interrupt to stop.`);
  await interrupted;
  await reachable.close();
  terminal.close();
  return exit.done;
}

function nameOf(named: string | undefined, { profile }: MockRequest): string {
  if (profile !== undefined && named === undefined) return 'profile';
  if (profile === undefined && named !== undefined && named !== 'profile') return named;
  throw new UsageError('Give a protocol, or --profile FILE.');
}

async function simulated(protocol: string, request: MockRequest) {
  return { protocol, terminal: await create(faceOf(protocol), request) };
}

function faceOf(protocol: string): FaceName {
  if (isFaceName(protocol)) return protocol;
  throw new UsageError(`There is no mock of ${protocol}; there are ${faceNames.join(', ')}.`);
}

function placeOf(request: MockRequest): (mock: MockPlug) => Promise<Reachable> {
  const { pty, tcp, uhid, wide } = request;
  if ([pty, tcp, uhid].filter((place) => place !== undefined).length > 1)
    throw new UsageError('Give one of --pty, --tcp and --uhid.');
  if (uhid !== undefined) return (mock) => onUhid(mock, uhid === true ? 'rba' : uhid);
  if (tcp === undefined) return (mock) => onPty(mock, pty);
  const { host, port } = hostAndPort('--tcp', tcp);
  return (mock) => onTcp(mock, host, port, wide === true);
}

async function onPty(mock: MockPlug, link: string | undefined): Promise<Reachable> {
  const pty = await openPty(mock, link === undefined ? {} : { link });
  const { path } = pty;
  return { address: `serial:${path}`, place: path, json: { path }, close: () => pty.close() };
}

async function onTcp(
  mock: MockPlug,
  host: string,
  port: number,
  wide: boolean,
): Promise<Reachable> {
  const tcp = await openTcp(mock, { host, port, wide }).catch((cause: unknown) => {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new UsageError(`${why}${wide ? '' : ' --wide allows any address.'}`, { cause });
  });
  return {
    address: `tcp:${tcp.where}`,
    place: tcp.where.slice(2),
    json: { host: tcp.host, port: tcp.port },
    close: () => tcp.close(),
  };
}

async function onUhid(mock: MockPlug, name: string): Promise<Reachable> {
  const packing = packingNames.find((known) => known === name);
  if (packing === undefined)
    throw new UsageError(
      `--uhid must be one of ${packingNames.join(', ')}; got ${JSON.stringify(name)}.`,
    );
  const uhid = await openUhid(mock, { packing }).catch((cause: unknown) => {
    throw new UsageError(cause instanceof Error ? cause.message : String(cause), { cause });
  });
  const { address, path } = uhid;
  return { address, place: path, json: { path }, close: () => uhid.close() };
}

async function create(protocol: FaceName, request: MockRequest): Promise<MockTerminal> {
  try {
    const file = request.seedSales;
    const seeded = file === undefined ? [] : parseSales(await readFile(file, 'utf8'));
    const sales = request.sale.map((amount) => ({ amount: amountArgument(amount) }));
    return createMockTerminal({
      protocol,
      ...(request.profile !== undefined && {
        profile: await readTextFile(profilePath(request.profile)),
      }),
      transport: request.tcp === undefined ? 'serial' : 'tcp',
      sales: [...seeded, ...sales],
      faults: request.fault,
      ...(request.think !== undefined && { thinkMs: request.think }),
    });
  } catch (cause) {
    if (cause instanceof UsageError) throw cause;
    throw new UsageError(cause instanceof Error ? cause.message : String(cause), { cause });
  }
}
