import { startBridge } from '../bridge/bridge.ts';
import { bridgeConfig } from '../config/bridge-config.ts';
import type { Config } from '../config/config.ts';
import { systemLocation } from '../journal/location.ts';
import { TerminalError } from '../model/error.ts';
import { type ExitStatus, exit, UsageError } from './exit.ts';
import { optionsOf } from './open-configured.ts';
import type { Output } from './output.ts';
import { readUserConfig } from './user-config.ts';
import { version } from './version.ts';

export interface ServeRequest {
  readonly config?: string;
  readonly journal?: string;
  readonly listen?: string;
}

/** Runs the local service until it is told to end. */
export async function serve(request: ServeRequest, output: Output): Promise<ExitStatus> {
  const { path, config: read } = await readUserConfig(request.config);
  const config: Config =
    request.listen === undefined
      ? read
      : { ...read, bridge: { ...read.bridge, listen: placeArgument(request.listen) } };
  const { journal: usual, key } = systemLocation();
  const { journal = config.journal?.path ?? usual } = request;
  const bridge = await startBridge({
    config,
    terminals: Object.entries(config.terminals ?? {}).map(([name, configured]) => ({
      name,
      address: configured.address,
      options: () => optionsOf(configured),
    })),
    journal: { path: journal, key: config.journal?.key ?? key },
    version: version(),
  }).catch((error: unknown) => {
    throw named(error, path);
  });
  output.line(`Tillwire listens on ${bridge.url}`, { type: 'listening', url: bridge.url });
  output.note('Interrupt to stop; a command that runs ends first.');
  await toldToEnd();
  process.once('SIGINT', () => leave(bridge.moneyUnderWay));
  process.once('SIGTERM', () => leave(bridge.moneyUnderWay));
  await bridge.stop();
  return exit.done;
}

function placeArgument(text: string): string {
  const { success } = bridgeConfig.shape.listen.safeParse(text);
  if (success) return text;
  throw new UsageError(
    `--listen must be HOST:PORT, such as 127.0.0.1:7465 or [::1]:7465; got ${JSON.stringify(text)}.`,
  );
}

const toldToEnd = (): Promise<void> =>
  new Promise((resolve) => {
    const end = () => {
      process.off('SIGINT', end);
      process.off('SIGTERM', end);
      resolve();
    };
    process.on('SIGINT', end);
    process.on('SIGTERM', end);
  });

/** Told a second time, at once: what has left by now is in doubt, and recovery will find out. */
const leave = (moneyUnderWay: boolean): never =>
  process.exit(moneyUnderWay ? exit.inDoubt : exit.interrupted);

/** As the configuration's own reader says it, with the file that it is about. */
function named(error: unknown, path: string): unknown {
  if (!(error instanceof TerminalError) || error.code !== 'bad-settings') return error;
  return new TerminalError(
    'bad-settings',
    'none',
    `The configuration ${path} is not usable: ${error.message}`,
    { cause: error },
  );
}
