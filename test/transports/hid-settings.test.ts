import { describe, expect, it } from 'vitest';
import { TerminalError } from '../../src/model/error.ts';
import { parseHidAddress } from '../../src/transports/hid-settings.ts';

const parse = (where: string, query = '', protocol?: string) =>
  parseHidAddress(where, new Map(new URLSearchParams(query)), protocol);

const refusal = (where: string, query = ''): string => {
  try {
    parse(where, query);
  } catch (error) {
    if (error instanceof TerminalError) return `${error.code}: ${error.message}`;
  }
  return 'accepted';
};

describe('a HID address', () => {
  it('names a device by vendor and product', () => {
    expect(parse('0b00:0074', 'packing=rba')).toEqual({
      vendorId: '0b00',
      productId: '0074',
      packing: 'rba',
    });
  });

  it('names a device by serial number, with or without vendor and product', () => {
    expect(parse('0b00:0074', 'packing=rba&serial=80770133')).toMatchObject({
      vendorId: '0b00',
      serialNumber: '80770133',
    });
    expect(parse('', 'packing=mms&serial=B1')).toEqual({ packing: 'mms', serialNumber: 'B1' });
  });

  it('names a device by path, which on Windows stands in an option', () => {
    expect(parse('/dev/hidraw3', 'packing=plain')).toEqual({
      path: '/dev/hidraw3',
      packing: 'plain',
    });
    const path = String.raw`\\?\hid#vid_0b00&pid_0074#6&1`;
    expect(parse('', `packing=plain&path=${encodeURIComponent(path)}`)).toMatchObject({ path });
  });

  it('says how the reports are, in each direction', () => {
    expect(
      parse('0801:2020', 'packing=length&report-id=2/1&report-size=63&interface=1&lock=no'),
    ).toEqual({
      vendorId: '0801',
      productId: '2020',
      interface: 1,
      packing: 'length',
      reportId: { toTerminal: 2, toTill: 1 },
      reportSize: { toTerminal: 63, toTill: 63 },
      lock: false,
    });
  });

  it('needs no packing for a protocol that has one of its own', () => {
    expect(parse('0acd:4480', '', 'idtech-neo2').packing).toBe('neo2');
    expect(parse('0b00:0074', '', 'ingenico-rba').packing).toBe('rba');
  });

  it.each([
    ['', 'packing=rba', /bad-address.*needs a vendor and product/],
    ['0b00:0074', '', /bad-address.*packing= one of rba, neo2, sign-and-pay, mms, length, plain/],
    ['0b00:0074', 'packing=usb', /bad-settings.*packing can be rba.*'usb'/],
    ['0B00:0074', 'packing=rba', /bad-address.*lower-case hex digits: 0b00:0074/],
    ['0b00:0074', 'packing=rba&baud=9600', /bad-address.*no option 'baud'/],
    ['0b00:0074', 'packing=rba&serial=', /bad-address.*serial number is empty/],
    ['/dev/hidraw0', 'packing=rba&path=/dev/hidraw1', /bad-address.*two paths/],
    ['0b00:0074', 'packing=rba&report-id=256', /bad-settings.*0 to 255; it was '256'/],
    ['0b00:0074', 'packing=rba&report-id=1/2/3', /bad-settings.*two with/],
    ['0b00:0074', 'packing=rba&report-size=0', /bad-settings.*1 to 16384/],
    ['0b00:0074', 'packing=rba&interface=x', /bad-settings.*interface/],
    ['0b00:0074', 'packing=rba&lock=maybe', /bad-settings.*lock can be yes or no/],
    ['\0', 'packing=rba', /bad-address.*no path/],
  ])('%j with %j is refused', (where, query, expected) => {
    expect(refusal(where, query)).toMatch(expected);
  });
});
