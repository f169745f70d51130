/** A serial port as the system describes it. Nothing was sent to it. */
export interface SerialPortEntry {
  readonly path: string;
  /** A name that stays the same when the device is plugged in again (Linux, `/dev/serial/by-id`). */
  readonly stablePath?: string | undefined;
  readonly manufacturer?: string | undefined;
  readonly serialNumber?: string | undefined;
  /** Four lower-case hex digits. */
  readonly vendorId?: string | undefined;
  /** Four lower-case hex digits. */
  readonly productId?: string | undefined;
}

/** Text from a USB device without control characters: it ends up on somebody's screen. */
export function printable(text: string | undefined): string | undefined {
  return text?.replaceAll(/\p{C}/gu, '').trim() || undefined;
}

/** A USB vendor or product number as four lower-case hex digits. */
export function usbId(text: string | undefined): string | undefined {
  const digits = text?.trim().toLowerCase() ?? '';
  return /^[0-9a-f]{1,4}$/.test(digits) ? digits.padStart(4, '0') : undefined;
}
