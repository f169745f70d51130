import { describe, expect, it } from 'vitest';
import { chooseBind, isLoopback, ownHosts, ownOrigins } from '../../src/bridge/bind.ts';

const alone = { hasTls: false, clients: 0 };

describe('where the bridge listens', () => {
  it.each(['127.0.0.1', '::1', '127.255.0.9', '::ffff:127.0.0.1'])('%s is this machine', (host) => {
    expect(isLoopback(host)).toBe(true);
  });

  it.each(['0.0.0.0', '::', '192.0.2.7', '128.0.0.1', '::2', '::ffff:192.0.2.7', 'fe80::1'])(
    '%s is not only this machine',
    (host) => {
      expect(isLoopback(host)).toBe(false);
    },
  );

  it('needs nothing on this machine', async () => {
    expect(await chooseBind({ host: '127.0.0.1', ...alone })).toEqual({
      address: '127.0.0.1',
      isLoopback: true,
    });
    expect(await chooseBind({ host: 'localhost', ...alone })).toMatchObject({ isLoopback: true });
  });

  it.each(['0.0.0.0', '::', '0', '192.0.2.7'])('is not %s without TLS', async (host) => {
    await expect(chooseBind({ host, hasTls: false, clients: 3 })).rejects.toThrow(/bridge\.tls/);
  });

  it('is not beyond this machine without a client', async () => {
    const policy = { host: '0.0.0.0', hasTls: true };
    await expect(chooseBind({ ...policy, clients: 0 })).rejects.toThrow(/clients add/);
    expect(await chooseBind({ ...policy, clients: 1 })).toMatchObject({ isLoopback: false });
  });

  it('goes by what a name means, and binds to that', async () => {
    const resolve = async () => ['127.0.0.1', '192.0.2.7'];
    await expect(chooseBind({ host: 'localhost', ...alone, resolve })).rejects.toThrow(
      /localhost \(127\.0\.0\.1, 192\.0\.2\.7\)/,
    );
    expect(
      await chooseBind({ host: 'till.local', ...alone, resolve: async () => ['127.0.0.5'] }),
    ).toEqual({ address: '127.0.0.5', isLoopback: true });
  });

  it('is not nowhere', async () => {
    await expect(chooseBind({ host: '', ...alone })).rejects.toThrow(/no host/);
    const unknown = async (): Promise<readonly string[]> => {
      throw new Error('ENOTFOUND');
    };
    await expect(chooseBind({ host: 'no.such', ...alone, resolve: unknown })).rejects.toThrow(
      /no address/,
    );
  });
});

describe('the names of the bridge', () => {
  it('are those of this machine with the port', () => {
    const names = ['127.0.0.1:7465', 'localhost:7465', '[::1]:7465'];
    expect(ownHosts('127.0.0.1', 7465, 'http')).toEqual(names);
    expect(ownHosts('::', 7465, 'https')).toEqual(names);
    expect(ownHosts('Till.local', 7465, 'https')).toEqual(['till.local:7465', ...names]);
    expect(ownHosts('fd00::7', 7465, 'https')).toContain('[fd00::7]:7465');
  });

  it('have no port where a browser sends none', () => {
    expect(ownHosts('127.0.0.1', 443, 'https')).toContain('localhost');
    expect(ownOrigins(['localhost', 'localhost:443'], 'https')).toEqual(['https://localhost']);
    expect(ownOrigins(['127.0.0.1:7465'], 'http')).toEqual(['http://127.0.0.1:7465']);
  });
});
