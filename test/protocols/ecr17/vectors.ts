/**
 * Golden vectors of ECR17.
 *
 * Derived from the public tables of developer.nexigroup.com/traditionalpos; `lrc-mode-std-AB` is from the tests
 * of padosoft/rust-ecr17-protocol (crates/ecr17-protocol/src/codec.rs). Numbers, cards and names are synthetic.
 */
export const vectors = {
  // payload "AB", LRC mode std (payload only): 7C
  'lrc-mode-std-AB': '024142037c',
  // ACK control frame, LRC mode std
  'ack-std': '060379',
  // NAK control frame, LRC mode std
  'nak-std': '15036a',
  // status request 's', TID 12345678, 10-byte payload
  'status-request': '02313233343536373830730334',
  // payment 'P', 650 cents, 167-byte payload, LRC std
  'payment-6.50':
    '0231323334353637383050303030303030303130303030303030303030363530202020202020202020202020202020202020202020202020202020202020202020202020202020202020202020202020202020202020202020202020202020202020202020202020202020202020202020202020202020202020202020202020202020202020202020202020202020202020202020202020202020202020202030303030303030300325',
  // reversal 'S' of the last transaction, STAN 000000 = no check
  'reversal-any': '0231323334353637383053303030303030303130303030303030300315',
  // last result 'G'; std LRC of any G request lies in 00..0F, here 01 (= SOH)
  'last-result-lrc-01': '02313233343536373830473030303030303031303030300301',
  // last result 'G' whose LRC byte equals ETX (03): splitter must take exactly one byte after ETX
  'last-result-lrc-03': '02313233343536373830473030303030303033303030300303',
  // enable printing on ECR 'E' flag 1; only an ACK answers
  'enable-ecr-print': '0231323334353637383045310333',
  // close session 'C'
  'close-session': '0231323334353637383043303030303030303130303030303030300305',
  // progress SOH + 20 chars + EOT, no LRC, not acknowledged
  progress: '015452414e53415a2e20494e20434f52534f20202004',
  // result 'E' 00: PAN 000453997******1234, CLI, auth 123456, day 211 15:20, card type 2, acquirer 00000000003, STAN 000045, online id 000321 (71-byte payload)
  'payment-ok':
    '023132333435363738304530303030303435333939372a2a2a2a2a2a31323334434c49313233343536323131313532303230303030303030303030333030303034353030303332310346',
  // result 'E' 01, 24-char text 'CARTA NON ABILITATA', STAN 000046
  'payment-ko':
    '023132333435363738304530314341525441204e4f4e204142494c4954415441202020202030303030303030303030303230303030303030303030333030303034363030303332320356',
  // status reply: 1 July 2026 09:30, status 2 operative, release 'SW010203' (8 chars)
  'status-ok':
    '02313233343536373830733030303030303030303030313037323630393330325357303130323033030a',
  // close session KO, 19-char text, action code 095
  'close-ko':
    '02313233343536373830433031544f54414c4920444953434f5244414e544920303935303030303030303030300364',
  // receipt 'S' part: double-height bold line, newline 7D, normal line
  'ticket-part': '02313233343536373830537f494d504f52544f2045555220362c35307d4752415a49457d0366',
  // receipt 'S' last part, ends with six 7D and 1B
  'ticket-last': '023132333435363738305341525249564544455243497d7d7d7d7d7d1b034d',
  // one TCP/serial chunk: ACK + progress + result; the ECR must answer exactly one ACK
  'stream-ack-progress-result':
    '06037901415454454e44455245202020202020202020202004023132333435363738304530303030303435333939372a2a2a2a2a2a31323334434c49313233343536323131313532303230303030303030303030333030303034353030303332310346',
} as const;

export type VectorName = keyof typeof vectors;

export const vector = (name: VectorName): Uint8Array =>
  Uint8Array.from(Buffer.from(vectors[name], 'hex'));
