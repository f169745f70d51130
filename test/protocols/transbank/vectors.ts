/**
 * Golden vectors of the Transbank protocol.
 *
 * Requests: computed from the vendor's tables; `sdk: true` where the same bytes also stand in an official
 * SDK or in the vendor's documentation. Answers: recorded frames from the test fixtures of the official
 * Python SDK (transbank-pos-sdk-python, tests/mocks/pos_integrado_mock.py), check bytes recomputed.
 */
export const requestVectors = [
  { data: '0100', hex: '02303130300302', sdk: true },
  { data: '0800', hex: '0230383030030b', sdk: true },
  { data: '0300', hex: '02303330300300', sdk: true },
  { data: '0070', hex: '02303037300304', sdk: true },
  { data: '0080', hex: '0230303830030b', sdk: true },
  { data: '1200', hex: '02313230300300', sdk: false },
  { data: '0250|', hex: '02303235307c0378', sdk: true },
  { data: '0250|0', hex: '02303235307c300348', sdk: false },
  { data: '0250|1', hex: '02303235307c310349', sdk: false },
  { data: '0280|1', hex: '02303238307c310344', sdk: false },
  { data: '0500||', hex: '02303530307c7c0306', sdk: true },
  { data: '0700||', hex: '02303730307c7c0304', sdk: true },
  { data: '0260|1|', hex: '02303236307c317c0336', sdk: true },
  { data: '0260|0|', hex: '02303236307c307c0337', sdk: true },
  { data: '1200|10|', hex: '02313230307c31307c0301', sdk: true },
  { data: '0200|123|', hex: '02303230307c3132337c0331', sdk: true },
  {
    data: '0200|000001500|000123|||1',
    hex: '02303230307c3030303030313530307c3030303132337c7c7c310378',
    sdk: false,
  },
  { data: '0900|78', hex: '02303930307c37380379', sdk: false },
] as const;

export const recordedAnswers = {
  loadKeys: { data: '0810|00|597029414300|75001637', lrc: 0x75 },
  close: { data: '0510|00|597029414300|75001637|', lrc: 0x04 },
  totals: { data: '0710|00|2|26500|', lrc: 0x06 },
  voided: { data: '1210|00|597029414300|75001637|794981|123', lrc: 0x44 },
  lastSale: {
    data: '0260|00|597029414300|75001637|001234|252985|25000|0||0461|000123|CR|||  |26072023|113748|0|0||',
    lrc: 0x1c,
  },
  cancelled: {
    data: '0210|07|597029414300|75001637|00ABCD|      |0|0||0461||CR|||||||0||',
    lrc: 0x22,
  },
  detailOfAVoid: {
    data: '0261|00|597029414300|75001637|001234|794981|-25000|0461|000123|CR|||  |28072023|172129|0|0||0|',
    lrc: 0x4f,
  },
  detailEnd: {
    data: '0261|00|597029414300|75001637| | | | |000124|||| || | | | | |||',
    lrc: 0x7e,
  },
} as const;
