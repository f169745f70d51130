import { expect, test } from 'vitest';
import { serialTransport } from '../../src/transports/serial.ts';
import { checkSerialOptions, parseSerialOptions } from '../../src/transports/serial-settings.ts';

const line = { baudRate: 115_200, dataBits: 8, parity: 'none', stopBits: 1 } as const;

/** Settings as they come from a configuration file: no compiler has seen them. */
function settings(json: string) {
  return { ...line, ...JSON.parse(json) };
}

function parse(query: string) {
  return parseSerialOptions(new URLSearchParams(query), line);
}

test.each([
  ['{"baudRate":0}', 'baudRate can be a whole number of baud from 1 to 12000000; it was 0'],
  ['{"baudRate":-9600}', 'it was -9600'],
  ['{"baudRate":9600.5}', 'it was 9600.5'],
  ['{"baudRate":"9600"}', "it was '9600'"],
  ['{"baudRate":12000001}', 'it was 12000001'],
  ['{"dataBits":6}', 'dataBits can be 7, 8; it was 6'],
  ['{"parity":"mark"}', "parity can be none, even, odd; it was 'mark'"],
  ['{"stopBits":1.5}', 'stopBits can be 1, 2; it was 1.5'],
  ['{"lock":"no"}', "lock can be true, false; it was 'no'"],
  ['{"dtr":1}', 'dtr can be true, false; it was 1'],
  ['{"rtscts":true,"rts":false}', 'rts cannot be set by hand while rtscts'],
])('settings %s are refused before a device is touched', (json, reason) => {
  expect(() => serialTransport({ path: '/dev/null', ...settings(json) })).toThrow(
    expect.objectContaining({
      code: 'bad-settings',
      effect: 'none',
      message: expect.stringContaining(reason),
    }),
  );
});

test('a speed that is no number at all is refused', () => {
  expect(() => checkSerialOptions({ ...line, baudRate: Number.NaN })).toThrow('it was NaN');
});

test.each(['', '  ', '/dev/tty\0x'])('the path %j is refused as an address', (path) => {
  expect(() => serialTransport({ path, ...line })).toThrow(
    expect.objectContaining({ code: 'bad-address', effect: 'none' }),
  );
});

test('an address without options takes the settings of the protocol', () => {
  expect(parse('')).toEqual(line);
});

test('an address can set everything', () => {
  expect(parse('baud=9600&bits=7&parity=even&stop=2&flow=rtscts&lock=no&hupcl=yes&dtr=on')).toEqual(
    {
      baudRate: 9_600,
      dataBits: 7,
      parity: 'even',
      stopBits: 2,
      rtscts: true,
      lock: false,
      hupcl: true,
      dtr: true,
    },
  );
  expect(parse('flow=none&rts=off')).toMatchObject({ rtscts: false, rts: false });
});

test('options may come as a map', () => {
  expect(parseSerialOptions(new Map([['baud', '9600']]), line)).toEqual({
    ...line,
    baudRate: 9_600,
  });
});

test.each([
  [
    'speed=9600',
    "has no option 'speed'. It knows baud, bits, parity, stop, flow, lock, hupcl, dtr",
  ],
  ['constructor=1', "has no option 'constructor'"],
  ['baud=9600&baud=115200', 'option baud is given twice'],
])('the address option %s is a bad address', (query, reason) => {
  expect(() => parse(query)).toThrow(
    expect.objectContaining({ code: 'bad-address', message: expect.stringContaining(reason) }),
  );
});

test.each([
  ['baud=fast', "baud can be a whole number of baud from 1 to 12000000; it was 'fast'"],
  ['baud=0', 'it was 0'],
  ['baud=', "it was ''"],
  ['baud=1e5', "it was '1e5'"],
  ['baud=999999999999', "it was '999999999999'"],
  ['bits=9', "bits can be 7, 8; it was '9'"],
  ['parity=EVEN', "parity can be none, even, odd; it was 'EVEN'"],
  ['stop=1.5', "stop can be 1, 2; it was '1.5'"],
  ['flow=xonxoff', "flow can be none, rtscts; it was 'xonxoff'"],
  ['lock=true', "lock can be yes, no; it was 'true'"],
  ['hupcl=1', "hupcl can be yes, no; it was '1'"],
  ['dtr=toString', "dtr can be on, off; it was 'toString'"],
  ['rts=up', "rts can be on, off; it was 'up'"],
  ['flow=rtscts&rts=on', 'rts cannot be set by hand'],
])('the address option %s is a bad setting', (query, reason) => {
  expect(() => parse(query)).toThrow(
    expect.objectContaining({ code: 'bad-settings', message: expect.stringContaining(reason) }),
  );
});
