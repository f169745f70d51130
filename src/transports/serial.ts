import type { TerminalError } from '../model/error.ts';
import { readDeviceAccess } from './serial-access.ts';
import { loadSerialPort } from './serial-binding.ts';
import { connectSerialPort, type SerialConnection } from './serial-connection.ts';
import { inTime } from './serial-deadline.ts';
import { openingError } from './serial-errors.ts';
import { noticingHangUp } from './serial-hang-up.ts';
import { listSerialPorts } from './serial-list.ts';
import { dropsDtr, setModemLines } from './serial-modem-lines.ts';
import { checkSerialOptions, checkSerialPath, type SerialOptions } from './serial-settings.ts';
import type { Transport } from './transport.ts';

export interface SerialTransportOptions extends SerialOptions {
  /** `/dev/ttyACM0`, `/dev/serial/by-id/...`, `COM3`. */
  readonly path: string;
  /** Told what did not work and does not matter enough to fail for, such as a DTR that cannot be set. */
  readonly onWarning?: (message: string) => void;
}

/** How long an opening waits for the connection before it to be released. In milliseconds. */
const RELEASE_LIMIT_MS = 10_000;

/**
 * A serial port. Opening throws away what the terminal sent while the port was closed. At the end of a
 * connection bytes not yet taken by the device are dropped after half a second; the device is released
 * when `close()` resolves, also after it was unplugged.
 * @throws {TerminalError} at once, `bad-address` for an empty path and `bad-settings` for settings that
 *   no port can have.
 */
export function serialTransport(options: SerialTransportOptions): Transport {
  checkSerialPath(options.path);
  checkSerialOptions(options);
  const { path, baudRate, dataBits, parity, stopBits, rtscts = false, lock = true } = options;
  const warn = options.onWarning ?? (() => {});
  let epoch = 0;
  let last: SerialConnection | undefined;

  return {
    name: `serial:${path}`,
    async open(listener) {
      if (last?.ended) await inTime(last.released, RELEASE_LIMIT_MS);
      const SerialPort = await loadSerialPort();
      const settings = {
        // Taken by the class and missing in its types.
        binding: noticingHangUp(SerialPort.binding),
        path,
        baudRate,
        dataBits,
        parity,
        stopBits,
        rtscts,
        lock,
        hupcl: dropsDtr(options),
        autoOpen: false,
      };
      const port = new SerialPort(settings);
      try {
        const prepare = () => setModemLines(port, options, warn);
        last = await connectSerialPort(port, listener, () => ++epoch, prepare);
        return last;
      } catch (cause) {
        throw await explainOpening(path, cause);
      }
    },
  };
}

async function explainOpening(path: string, cause: unknown): Promise<TerminalError> {
  const [access, ports] = await Promise.all([
    readDeviceAccess(path),
    listSerialPorts().catch(() => []),
  ]);
  return openingError(cause, { path, platform: process.platform, access, ports });
}
