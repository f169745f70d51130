import { describe, expect, it } from 'vitest';
import { vendorDescriptor } from '../../mocks/hid-descriptor.ts';
import type { PackingName, ReportShape } from '../../src/framing/hid-packing.ts';
import { packings } from '../../src/framing/hid-packings.ts';
import { TerminalError } from '../../src/model/error.ts';
import type { HidOptions } from '../../src/transports/hid-settings.ts';
import { reportShape } from '../../src/transports/hid-shape.ts';

type Asked = Pick<HidOptions, 'reportId' | 'reportSize'>;

const device = (toTerminal: ReportShape, toTill: ReportShape): Uint8Array =>
  vendorDescriptor({ toTerminal, toTill, numbered: true });

const isc250 = device({ ids: [2], size: 31 }, { ids: [1], size: 31 });
const unnumbered = device({ ids: [0], size: 64 }, { ids: [0], size: 64 });
const both = (number: number) => ({ toTerminal: number, toTill: number });

const mismatch = (
  packing: PackingName,
  descriptor: Uint8Array | undefined,
  asked?: Asked,
): string => {
  try {
    reportShape(packings[packing], descriptor, asked);
  } catch (error) {
    if (error instanceof TerminalError) return `${error.code} ${error.effect}: ${error.message}`;
  }
  return 'accepted';
};

describe('the reports of a HID device', () => {
  it('are as its descriptor says', () => {
    expect(reportShape(packings.rba, isc250)).toEqual({
      toTerminal: { ids: [2], size: 31 },
      toTill: { ids: [1], size: 31 },
      numbered: true,
    });
    expect(reportShape(packings.length, isc250)).toMatchObject({
      toTerminal: { ids: [2], size: 31 },
    });
    expect(reportShape(packings.mms, unnumbered)).toMatchObject({
      toTill: { ids: [0], size: 64 },
      numbered: false,
    });
  });

  it('may be larger than on the device the packing is known from', () => {
    const larger = device({ ids: [2], size: 63 }, { ids: [1], size: 63 });
    expect(reportShape(packings.rba, larger)).toMatchObject({ toTerminal: { size: 63 } });
  });

  it('are as the packing says where the system shows no descriptor', () => {
    expect(reportShape(packings.rba, undefined)).toMatchObject({
      toTerminal: { ids: [2], size: 31 },
    });
    expect(reportShape(packings.neo2, undefined)).toMatchObject({
      toTill: { ids: [1, 2, 3, 4], size: 63 },
    });
    expect(reportShape(packings.plain, undefined)).toMatchObject({
      toTill: { ids: [0] },
      numbered: false,
    });
  });

  it('are as the address says where neither tells', () => {
    const asked = { reportId: { toTerminal: 2, toTill: 1 }, reportSize: both(63) };
    expect(reportShape(packings.plain, undefined, asked)).toEqual({
      toTerminal: { ids: [2], size: 63 },
      toTill: { ids: [1], size: 63 },
      numbered: true,
    });
  });

  it('that do not fit are an error, before anything is sent', () => {
    const several = device({ ids: [1, 2], size: 31 }, { ids: [1], size: 31 });
    const uneven = device({ ids: [1, 2, 3, 4], size: 63 }, { ids: [1, 2, 3], size: 63 });
    expect(mismatch('rba', unnumbered)).toMatch(
      /output report 2 .* it has one without an id \(64 bytes\)/,
    );
    expect(mismatch('neo2', isc250)).toMatch(
      /output reports 1, 2, 3, 4 of one size.*2 \(31 bytes\)/,
    );
    expect(mismatch('neo2', uneven)).toMatch(/input reports 1, 2, 3, 4/);
    expect(mismatch('plain', several)).toMatch(
      /several output reports, 1 .*2 .*say which with report-id/,
    );
    expect(mismatch('plain', isc250, { reportId: both(1) })).toMatch(
      /output report 1 .*2 \(31 bytes\)/,
    );
    expect(mismatch('plain', isc250, { reportSize: both(64) })).toMatch(
      /31 bytes behind the id, and the address says 64/,
    );
    expect(mismatch('neo2', undefined, { reportId: both(1) })).toMatch(/report ids of its own/);
    expect(mismatch('plain', undefined, { reportId: { toTerminal: 2, toTill: 0 } })).toMatch(
      /both directions/,
    );
    expect(mismatch('rba', undefined, { reportSize: both(300) })).toMatch(
      /works with reports of 2 to 256/,
    );
    expect(mismatch('rba', Uint8Array.of(0x06))).toMatch(/descriptor cannot be read/);
    expect(mismatch('rba', unnumbered)).toMatch(/^bad-settings none: .*Nothing was sent\.$/);
  });

  it('may all be feature reports, which are another way of talking', () => {
    const features = Uint8Array.from([
      ...[0x06, 0x20, 0xff, 0x09, 0x01, 0xa1, 0x01, 0x85, 0x01, 0x75, 0x08, 0x95, 0x04],
      ...[0xb1, 0x02, 0xc0],
    ]);
    expect(mismatch('plain', features)).toMatch(/no output reports; .*feature reports/);
  });
});
