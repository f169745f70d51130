import { describe, expect, it } from 'vitest';
import { addressKey, createRateLimit } from '../../src/bridge/rate-limit.ts';

const limitAt = (keys?: number) => {
  let at = 1_000_000;
  const more = keys === undefined ? {} : { keys };
  const limit = createRateLimit({ perSecond: 2, burst: 3, now: () => at, ...more });
  return {
    take: (key: string) => limit.take(key),
    pass: (ms: number) => {
      at += ms;
    },
  };
};

describe('a rate limit', () => {
  it('lets a burst through, then as many a second as it says, and tells how long to wait', () => {
    const { take, pass } = limitAt();
    expect([take('a'), take('a'), take('a'), take('a')]).toEqual([0, 0, 0, 500]);
    pass(499);
    expect(take('a')).toBe(1);
    pass(1);
    expect([take('a'), take('a')]).toEqual([0, 500]);
  });

  it('keeps keys apart', () => {
    const { take } = limitAt();
    for (let i = 0; i < 10; i += 1) take('attacker');
    expect(take('till')).toBe(0);
  });

  it('gives nothing and takes nothing when the clock is set back', () => {
    const { take, pass } = limitAt();
    for (let i = 0; i < 3; i += 1) take('a');
    pass(-3_600_000);
    expect(take('a')).toBe(500);
    pass(500);
    expect(take('a')).toBe(0);
  });

  it('has a bounded number of buckets: keys beyond it share one, and known ones keep theirs', () => {
    const { take, pass } = limitAt(2);
    expect([take('a'), take('b')]).toEqual([0, 0]);
    const strangers = Array.from({ length: 1_000 }, (_, index) => take(`stranger ${index}`));
    expect(strangers.filter((waitMs) => waitMs === 0)).toHaveLength(3);
    expect(take('a')).toBe(0);
    // Buckets that are full again make room.
    pass(10_000);
    expect([take('c'), take('d')]).toEqual([0, 0]);
  });
});

describe('a remote address', () => {
  it.each([
    ['192.0.2.7', '192.0.2.7'],
    ['::ffff:192.0.2.7', '192.0.2.7'],
    ['::1', '0:0:0:0::/64'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
    ['2001:db8:1:2::9', '2001:db8:1:2::/64'],
    ['2001:db8::9', '2001:db8:0:0::/64'],
    ['fe80::1%eth0', 'fe80:0:0:0::/64'],
    ['', ''],
  ])('%s counts as %s', (address, key) => {
    expect(addressKey(address)).toBe(key);
  });
});
