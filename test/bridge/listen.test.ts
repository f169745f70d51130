import { once } from 'node:events';
import { chmodSync, copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { request } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect as connectTls } from 'node:tls';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type GuardedApp, openGuardedApp } from './guarded-app.ts';
import { sendRaw } from './raw-connection.ts';

/** Self-signed with OpenSSL for localhost and 127.0.0.1; used nowhere else. */
const pem = (name: string): string => join(import.meta.dirname, name);
const ca = readFileSync(pem('tls-certificate.pem'));

let folder = '';
let tls = { cert: '', key: '' };
let app: GuardedApp | undefined;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tillwire-listen-'));
  tls = { cert: pem('tls-certificate.pem'), key: join(folder, 'key.pem') };
  copyFileSync(pem('tls-key.pem'), tls.key);
  chmodSync(tls.key, 0o600);
});
afterEach(async () => {
  await app?.close();
  app = undefined;
  rmSync(folder, { recursive: true, force: true });
});

function getOverTls(port: number, headers: Record<string, string> = {}): Promise<number> {
  return new Promise((resolve, reject) => {
    request({ port, path: '/v1', ca, headers, servername: 'localhost' }, (answer) => {
      answer.resume();
      resolve(answer.statusCode ?? 0);
    })
      .on('error', reject)
      .end();
  });
}

describe('the bridge on its port', () => {
  it('listens on a free port of this machine and says where', async () => {
    app = await openGuardedApp();
    const { url, port, hosts, origins } = app.listening;
    expect(url).toBe(`http://127.0.0.1:${port}`);
    expect(hosts).toContain(`localhost:${port}`);
    expect(origins).toContain(`http://127.0.0.1:${port}`);
    expect((await fetch(`${url}/v1`)).status).toBe(200);
    expect((await fetch(`http://localhost:${port}/v1`)).status).toBe(200);
  });

  it('says so when another program has the port', async () => {
    app = await openGuardedApp();
    const { port } = app.listening;
    await expect(openGuardedApp({ listen: { port } })).rejects.toThrow(
      `bridge.listen: another program listens on port ${port} of 127.0.0.1.`,
    );
  });

  it('says so when the address is not one of this machine', async () => {
    const elsewhere = { host: '192.0.2.7', tls, clients: () => 1 };
    await expect(openGuardedApp({ listen: elsewhere })).rejects.toThrow(/no address of this/);
  });

  it('serves no other machine without TLS, or when nobody may call', async () => {
    await expect(openGuardedApp({ listen: { host: '0.0.0.0' } })).rejects.toThrow(/bridge\.tls/);
    await expect(openGuardedApp({ listen: { host: '0.0.0.0', tls } })).rejects.toThrow(
      /clients add/,
    );
  });

  it('serves other machines with TLS and a client, under the hosts it knows', async () => {
    app = await openGuardedApp({ listen: { host: '0.0.0.0', tls, clients: () => 1 } });
    const { port, url } = app.listening;
    expect(url).toBe(`https://localhost:${port}`);
    expect(await getOverTls(port)).toBe(200);
    expect(await getOverTls(port, { Host: 'till.local:7465' })).toBe(200);
    expect(await getOverTls(port, { Host: `192.0.2.7:${port}` })).toBe(421);
    expect(await getOverTls(port, { Origin: `https://localhost:${port}` })).toBe(200);
    expect(await getOverTls(port, { Origin: `http://localhost:${port}` })).toBe(403);
  });

  it('speaks TLS 1.2 and later, and nothing in clear beside it', async () => {
    app = await openGuardedApp({ listen: { tls } });
    const { port } = app.listening;
    expect(await sendRaw(port, `GET /v1 HTTP/1.1\r\nHost: localhost:${port}\r\n\r\n`)).toBe('');
    // OpenSSL 3.5 offers 1.1 only at this level; above it the client would give up before the server speaks.
    const ciphers = 'DEFAULT@SECLEVEL=0';
    const old = connectTls({ port, ca, ciphers, minVersion: 'TLSv1', maxVersion: 'TLSv1.1' });
    const [refusal] = await once(old, 'error');
    expect(refusal).toMatchObject({ code: 'ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION' });
    expect(app.denials()).toEqual(['no-tls', 'no-tls']);
    expect(await getOverTls(port)).toBe(200);
  });

  it.each([
    ['cert', () => ({ cert: '/no/such.pem', key: tls.key }), /bridge\.tls\.cert: .*ENOENT/],
    ['key', () => ({ cert: tls.cert, key: '/no/such.pem' }), /bridge\.tls\.key: .*ENOENT/],
  ])('says so when its %s is not there', async (_field, files, why) => {
    await expect(openGuardedApp({ listen: { tls: files() } })).rejects.toThrow(why);
  });

  it('says so when everybody may read its key', async () => {
    chmodSync(tls.key, 0o644);
    await expect(openGuardedApp({ listen: { tls } })).rejects.toThrow(/everybody may read .*chmod/);
  });

  it('says so when its key is none, or belongs to another certificate', async () => {
    writeFileSync(tls.key, 'no key');
    await expect(openGuardedApp({ listen: { tls } })).rejects.toThrow(/bridge\.tls\.key: .*PEM/);
  });

  it('hangs up on connections that say nothing when it stops', async () => {
    app = await openGuardedApp({ listen: { tls } });
    const idle = connectTls({ port: app.listening.port, ca, host: '127.0.0.1' });
    idle.on('error', () => {});
    await once(idle, 'secureConnect');
    const silent = sendRaw(app.listening.port, '');
    await app.listening.close();
    await silent;
    if (!idle.closed) await once(idle, 'close');
  });
});
