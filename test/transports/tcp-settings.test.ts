import { describe, expect, test } from 'vitest';
import { parseAddress } from '../../src/terminal/address.ts';
import { transports } from '../../src/transports/table.ts';
import { parseTcpAddress, placeOf } from '../../src/transports/tcp-settings.ts';

const line = { baudRate: 115_200, dataBits: 8, parity: 'none', stopBits: 1 } as const;

const parse = (address: string, defaultPort?: number) => {
  const { where, options } = parseAddress(address);
  return parseTcpAddress(where, options, defaultPort);
};

describe('a TCP address', () => {
  test.each([
    ['zvt+tcp://192.0.2.7:20007', { host: '192.0.2.7', port: 20007 }],
    ['zvt+tcp:192.0.2.7:20007', { host: '192.0.2.7', port: 20007 }],
    ['zvt+tcp://Terminal.local:20007', { host: 'terminal.local', port: 20007 }],
    ['zvt+tcp://[2001:db8::7]:20007', { host: '2001:db8::7', port: 20007 }],
    ['zvt+tcp:[::1]:20007', { host: '::1', port: 20007 }],
    [
      'zvt+tcp://192.0.2.7:20007?connect-timeout=300&keep-alive=no',
      { host: '192.0.2.7', port: 20007, connectTimeoutMs: 300, keepAliveMs: false },
    ],
    [
      'zvt+tcp:192.0.2.7:20007?keep-alive=2500',
      { host: '192.0.2.7', port: 20007, keepAliveMs: 2500 },
    ],
  ])('%s', (address, expected) => {
    expect(parse(address)).toEqual(expected);
  });

  test('has the port of its protocol when it names none', () => {
    expect(parse('privatbank+tcp://192.0.2.7', 2000)).toEqual({ host: '192.0.2.7', port: 2000 });
    expect(parse('privatbank+tcp://[::1]', 2000)).toEqual({ host: '::1', port: 2000 });
    expect(parse('privatbank+tcp://192.0.2.7:2001', 2000)).toMatchObject({ port: 2001 });
  });

  test('has one name however it is written, by which the journal knows the terminal', () => {
    const names = ['zvt+tcp:Host:1', 'zvt+tcp://host:1'].map(
      (address) => parseAddress(address).where,
    );
    expect(names).toEqual(['//host:1', '//host:1']);
  });

  test.each([
    'zvt+tcp:',
    'zvt+tcp://',
    'zvt+tcp://:20007',
    'zvt+tcp://192.0.2.7',
    'zvt+tcp://192.0.2.7:',
    'zvt+tcp://192.0.2.7:0',
    'zvt+tcp://192.0.2.7:65536',
    'zvt+tcp://192.0.2.7:2e3',
    'zvt+tcp://192.0.2.7:20007/path',
    'zvt+tcp://user:secret@192.0.2.7:20007',
    'zvt+tcp://2001:db8::7:20007',
    'zvt+tcp://[192.0.2.7]:20007',
    'zvt+tcp://a b:20007',
    'zvt+tcp://192.0.2.7:20007?nodelay=no',
  ])('%s is a bad address', (address) => {
    expect(() => parse(address)).toThrow(
      expect.objectContaining({ code: 'bad-address', effect: 'none' }),
    );
  });

  test.each([
    'connect-timeout=0',
    'connect-timeout=soon',
    'connect-timeout=-1',
    'keep-alive=0',
    'keep-alive=yes',
  ])('%s is a bad setting', (option) => {
    expect(() => parse(`zvt+tcp://192.0.2.7:20007?${option}`)).toThrow(
      expect.objectContaining({ code: 'bad-settings', effect: 'none' }),
    );
  });

  test('is written in messages as a person would', () => {
    expect(placeOf({ host: '2001:db8::7', port: 1 })).toBe('[2001:db8::7]:1');
    expect(placeOf({ host: 'terminal.local', port: 1 })).toBe('terminal.local:1');
  });

  test('leads to the transport tcp of the table, with the default port', async () => {
    const transport = await transports.get('tcp')?.({
      protocol: 'privatbank',
      line,
      where: '//192.0.2.7',
      defaultPort: 2000,
      options: new Map(),
    });
    expect(transport?.name).toBe('tcp://192.0.2.7:2000');
  });
});
