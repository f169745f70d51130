/** A HID device as the system describes it. Nothing was opened. */
export interface HidDeviceEntry {
  /** What to open: `/dev/hidraw0`; on other systems a name that only the system can read. */
  readonly path: string;
  /** Four lower-case hex digits. */
  readonly vendorId: string;
  /** Four lower-case hex digits. */
  readonly productId: string;
  readonly serialNumber?: string | undefined;
  readonly manufacturer?: string | undefined;
  readonly product?: string | undefined;
  /** The USB interface, from 0, on devices with more than one. */
  readonly interface?: number | undefined;
}

/** Told what comes from an open HID device, from the moment of its opening. */
export interface HidPortListener {
  /** One input report, with its id in front where the device has ids. */
  report(bytes: Uint8Array): void;
  /** The device is gone; called once at most. */
  failed(cause: unknown): void;
}

/** An open HID device: no more of a HID library than a terminal needs, so that a mock can stand in. */
export interface HidPort {
  /** One output report, its id in front, 0 where the device has none. Rejects when it was not taken. */
  write(report: Uint8Array): Promise<void>;
  /** Resolves when the device is released, also after it failed. Never rejects. */
  close(): Promise<void>;
}

/** The HID devices of a machine. */
export interface HidSystem {
  /** Opens none of them. */
  list(): Promise<readonly HidDeviceEntry[]>;
  /** What is at this path, which may be a link; undefined where the system does not tell. */
  describe(path: string): Promise<HidDeviceEntry | undefined>;
  /** The report descriptor, where the system shows it (Linux). */
  descriptor(path: string): Promise<Uint8Array | undefined>;
  /** Rejects with whatever the library says; `explain` makes it readable. */
  open(path: string, listener: HidPortListener): Promise<HidPort>;
  /** Which other programs have the device open, as far as the system shows it. */
  holders(path: string): Promise<readonly string[]>;
}
