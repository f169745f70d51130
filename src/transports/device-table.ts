import type { PackingName } from '../framing/hid-packing.ts';

/**
 * How much is known about an entry. `source`: a public driver for this very device, or its manual, was
 * read. `usb-ids`: the public list of USB ids names it. `second-hand`: somebody else's list or udev rule
 * has it. `vendor-only`: the maker makes terminals, and other things.
 */
export type DeviceQuality = 'source' | 'usb-ids' | 'second-hand' | 'vendor-only';

/** A USB device that is, or may be, a payment terminal or a card reader. */
export interface KnownDevice {
  readonly maker: string;
  readonly name: string;
  readonly quality: DeviceQuality;
  /** `feature-reports`: HID, but it takes no output reports, so that the transport hid cannot reach it. */
  readonly by?: 'hid' | 'serial' | 'feature-reports';
  readonly packing?: PackingName;
}

type Row = readonly [ids: string, device: KnownDevice];

const ingenico = { maker: 'Ingenico', quality: 'second-hand', by: 'serial' } as const;
const idtech = { maker: 'ID TECH', quality: 'second-hand', by: 'hid' } as const;
const magtek = { maker: 'MagTek', quality: 'source' } as const;
const verifone = { maker: 'Verifone', quality: 'second-hand', by: 'serial' } as const;
const pax = { maker: 'PAX', quality: 'second-hand', by: 'serial' } as const;

/**
 * Sources: CORE-POS/IS4C (iSC250, Sign&Pay), the NEO 2 Interface Developer's Guide (PiP),
 * MagTek-PaulDeignan/WebHID_Public (DynaFlex and the V5 readers), the enumeration of an SDK in
 * web-projects/SPHERE_INGENICO (other ID TECH), usb.ids 2025.07.26, and udev rules and scripts in public
 * repositories (the rest).
 */
const rows: readonly Row[] = [
  ['0b00:0074', { ...ingenico, name: 'iSC250', quality: 'source', by: 'hid', packing: 'rba' }],
  ['0b00:0057', { ...ingenico, name: 'PIN pad, as a serial port' }],
  ['0b00:0060', { ...ingenico, name: 'PIN pad' }],
  ['0b00:0072', { ...ingenico, name: 'PIN pad' }],
  ['0b00:0081', { ...ingenico, name: 'PIN pad, as a serial port' }],
  ['0b00:3070', { ...ingenico, name: 'iPP300 series' }],
  ['079b:0028', { ...ingenico, name: 'iPP320' }],
  ['0acd:2310', { ...idtech, name: 'Sign&Pay', quality: 'source', packing: 'sign-and-pay' }],
  ['0acd:4480', { ...idtech, name: 'PiP', quality: 'source', packing: 'neo2' }],
  ['0acd:0630', { ...idtech, name: 'reader, as a serial port', quality: 'usb-ids', by: 'serial' }],
  ['0acd:0810', { ...idtech, name: 'SecurePIN', quality: 'usb-ids' }],
  ['0acd:2030', { ...idtech, name: 'magnetic stripe reader', quality: 'usb-ids' }],
  ['0acd:3710', { ...idtech, name: 'Kiosk III', quality: 'usb-ids' }],
  ['0acd:2010', { ...idtech, name: 'magnetic stripe reader' }],
  ['0acd:2610', { ...idtech, name: 'SecuRED or SecureKey' }],
  ['0acd:2810', { ...idtech, name: 'SecureMag' }],
  ['0acd:3530', { ...idtech, name: 'VP3000' }],
  ['0acd:3820', { ...idtech, name: 'Augusta' }],
  ['0acd:3920', { ...idtech, name: 'Augusta S' }],
  ['0acd:4450', { ...idtech, name: 'VP5300' }],
  ['0801:2020', { ...magtek, name: 'DynaFlex', by: 'hid', packing: 'mms' }],
  ['0801:2023', { ...magtek, name: 'DynaProx', by: 'hid', packing: 'mms' }],
  ['0801:2024', { ...magtek, name: 'DynaFlex II Go', by: 'hid', packing: 'mms' }],
  ['0801:3004', { ...magtek, name: 'DynaPro Mini', by: 'feature-reports' }],
  ...['0001', '0002', '0003', '0011', '0019', '001a', '001c', '001e', '001f', '0020'].map(
    (id): Row => [`0801:${id}`, { ...magtek, name: 'card reader', by: 'feature-reports' }],
  ),
  ['11ca:0201', { ...verifone, name: 'Mx870 or Mx880' }],
  ['11ca:0207', { ...verifone, name: 'VX 810' }],
  ['11ca:0219', { ...verifone, name: 'VX or PIN pad' }],
  ['11ca:0220', { ...verifone, name: 'VX 805' }],
  ['11ca:0300', { ...verifone, name: 'P200' }],
  ['193a:1000', { ...verifone, name: 'terminal' }],
  ['2fb8:0102', { ...pax, name: 'terminal' }],
  ['2fb8:010c', { ...pax, name: 'terminal' }],
  ['2fb8:010d', { ...pax, name: 'terminal' }],
  ['9908:9030', { ...pax, name: 'terminal' }],
  ['1234:0101', { ...pax, name: 'older terminal, under ids that others use too' }],
  ...['c901', 'c902', 'c903'].map(
    (id): Row => [
      `1753:${id}`,
      { maker: 'Gertec', name: 'PIN pad', quality: 'usb-ids', by: 'serial' },
    ],
  ),
  [
    '26a9:0001',
    {
      maker: 'Research Industrial Systems Engineering',
      name: 'Payment Terminal',
      quality: 'usb-ids',
    },
  ],
  ['0780:1202', { maker: 'Sagem Monetel', name: 'ORGA', quality: 'usb-ids', by: 'serial' }],
  ['0780:1302', { maker: 'Sagem Monetel', name: 'ORGA', quality: 'usb-ids', by: 'serial' }],
];

const devices: ReadonlyMap<string, KnownDevice> = new Map(rows);

/** Makers of terminals. Generic chips and cables (0403, 067b, 10c4, 1a86, 1fc9) are not among them. */
const makers: ReadonlyMap<string, string> = new Map([
  ['0b00', 'Ingenico'],
  ['079b', 'Ingenico (Sagem)'],
  ['0f14', 'Ingenico'],
  ['0acd', 'ID TECH'],
  ['0801', 'MagTek'],
  ['11ca', 'Verifone'],
  ['2fb8', 'PAX'],
  ['1753', 'Gertec'],
  ['0ca6', 'Castles'],
  ['0780', 'Sagem Monetel'],
  ['0886', 'XAC'],
  ['1eab', 'Newland'],
  ['096e', 'Feitian'],
]);

/** Under a maker's id and certainly no terminal: a copy of a stream deck. */
const others = new Set(['0b00:1001']);

/**
 * What the table says about a USB device: a hint for a person. A vendor's id alone proves nothing, and
 * nothing may be written to a device to find out.
 */
export function knownDevice(
  vendorId: string | undefined,
  productId: string | undefined,
): KnownDevice | undefined {
  if (vendorId === undefined) return undefined;
  const ids = `${vendorId}:${productId ?? ''}`;
  const maker = makers.get(vendorId);
  if (others.has(ids)) return undefined;
  if (maker === undefined || devices.has(ids)) return devices.get(ids);
  return { maker, name: 'a product that is not in the table', quality: 'vendor-only' };
}

/** Vendor and product of the HID devices in the table, for the udev rules. */
export const knownHidDevices = (): readonly { vendorId: string; productId: string }[] =>
  rows
    .filter(([, { by }]) => by === 'hid')
    .map(([ids]) => ({ vendorId: ids.slice(0, 4), productId: ids.slice(5) }));
