/** Serial line settings. Speed in baud. */
export interface LineSettings {
  readonly baudRate: number;
  readonly dataBits: 7 | 8;
  readonly parity: 'none' | 'even' | 'odd';
  readonly stopBits: 1 | 2;
  /** Hardware flow control with RTS and CTS. */
  readonly rtscts?: boolean;
  /** Sets DTR after opening; left as the system has it when not given. */
  readonly dtr?: boolean;
  /** Sets RTS after opening; left as the system has it when not given. */
  readonly rts?: boolean;
}
