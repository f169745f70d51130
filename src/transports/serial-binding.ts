import { TerminalError } from '../model/error.ts';

/**
 * Loads serialport when a port is first needed, so that nobody else pays for its native part.
 * @throws {TerminalError} `connection-failed` if that part cannot be loaded on this machine.
 */
export async function loadSerialPort() {
  try {
    const { SerialPort } = await import('serialport');
    return SerialPort;
  } catch (cause) {
    const machine = `${process.platform}-${process.arch}, Node ${process.versions.node}`;
    throw new TerminalError(
      'connection-failed',
      'none',
      `The native part of the package serialport cannot be loaded on this machine (${machine}). Install the dependencies again on this machine: npm ci, or npm rebuild @serialport/bindings-cpp.`,
      { cause },
    );
  }
}
