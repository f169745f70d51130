import { dirname } from 'node:path';
import { expect, test } from 'vitest';
import { journalLocation } from '../../src/journal/location.ts';

const linux = { platform: 'linux', home: '/home/ana' } as const;

test('on Linux the journal is in the state folder and its key with the configuration', () => {
  expect(journalLocation({ ...linux, env: {} })).toEqual({
    journal: '/home/ana/.local/state/tillwire/journal.db',
    key: '/home/ana/.config/tillwire/journal.key',
    locks: '/home/ana/.local/state/tillwire/locks',
  });
});

test('XDG variables move them, unless they are relative or empty', () => {
  const env = { XDG_STATE_HOME: '/var/lib/till', XDG_CONFIG_HOME: '/etc/till' };
  expect(journalLocation({ ...linux, env })).toMatchObject({
    journal: '/var/lib/till/tillwire/journal.db',
    key: '/etc/till/tillwire/journal.key',
  });
  const ignored = { XDG_STATE_HOME: 'state', XDG_CONFIG_HOME: '' };
  expect(journalLocation({ ...linux, env: ignored })).toEqual(
    journalLocation({ ...linux, env: {} }),
  );
});

test('on macOS they are in the Library', () => {
  const env = { XDG_STATE_HOME: '/elsewhere' };
  expect(journalLocation({ platform: 'darwin', home: '/Users/ana', env })).toMatchObject({
    journal: '/Users/ana/Library/Application Support/tillwire/journal.db',
    key: '/Users/ana/Library/Preferences/tillwire/journal.key',
  });
});

test('on Windows they are in the application data, the journal in the local one', () => {
  const windows = { platform: 'win32', home: 'C:\\Users\\ana' } as const;
  expect(journalLocation({ ...windows, env: {} })).toEqual({
    journal: 'C:\\Users\\ana\\AppData\\Local\\tillwire\\journal.db',
    key: 'C:\\Users\\ana\\AppData\\Roaming\\tillwire\\journal.key',
    locks: 'C:\\Users\\ana\\AppData\\Local\\tillwire\\locks',
  });
  const env = { LOCALAPPDATA: 'D:\\Local', APPDATA: 'D:\\Roaming' };
  expect(journalLocation({ ...windows, env })).toMatchObject({
    journal: 'D:\\Local\\tillwire\\journal.db',
    key: 'D:\\Roaming\\tillwire\\journal.key',
  });
});

test.each(['linux', 'darwin', 'freebsd'] as const)(
  'on %s the key is in another folder than the journal',
  (platform) => {
    const { journal, key } = journalLocation({ platform, home: '/home/ana', env: {} });
    expect(dirname(key)).not.toBe(dirname(journal));
  },
);
