/** Status codes of protocol 2: NEO 2 Interface Developer's Guide 80139403-002, table 6. */
export const statusCodes: ReadonlyMap<number, string> = new Map([
  [0x00, 'OK'],
  [0x01, 'incorrect header tag'],
  [0x02, 'unknown command'],
  [0x03, 'unknown sub-command'],
  [0x04, 'CRC error in frame'],
  [0x05, 'incorrect parameter'],
  [0x06, 'parameter not supported'],
  [0x07, 'mal-formatted data'],
  [0x08, 'time-out'],
  [0x0a, 'failed'],
  [0x0b, 'command not allowed'],
  [0x0c, 'sub-command not allowed'],
  [0x0d, 'buffer overflow'],
  [0x0e, 'user interface event'],
]);

export const OK = 0x00;

export const commandNames: ReadonlyMap<number, string> = new Map([
  [0x02, 'activate transaction'],
  [0x03, 'configuration'],
  [0x05, 'cancel transaction'],
  [0x18, 'ping'],
  [0x29, 'firmware version'],
]);

export const hex = (byte: number): string => byte.toString(16).padStart(2, '0');

export const statusInWords = (status: number): string =>
  `status ${hex(status)}, ${statusCodes.get(status) ?? 'which no table lists'}`;
