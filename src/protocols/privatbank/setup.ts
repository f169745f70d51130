/** How one PrivatBank terminal is set up. */
export interface Setup {
  /** Which of the terminal's merchants sells: its index, `0` the first. */
  readonly merchantId: string;
  /** A sub-merchant that the bank has registered; without one the field is not sent. */
  readonly subMerchant?: string;
  /** Start sales with FacePay24, on Android terminals that have it. */
  readonly facepay: boolean;
}

export const plainSetup: Setup = { merchantId: '0', facepay: false };
