export type {
  Asked,
  Behaviour,
  Bench,
  Heard,
  Hook,
  LineAction,
  Piece,
  Reaction,
} from './behaviours.ts';
export { during } from './behaviours.ts';
export { type FaceName, faceNames, isFaceName } from './faces.ts';
export type { Fault, Strike } from './fault.ts';
export { type FaultName, faults, parseFault } from './faults.ts';
export {
  createMockHid,
  type MockHid,
  type MockHidOptions,
  type MockHidReport,
  type ReportFate,
} from './hid.ts';
export type { BookedBy, Card, LedgerEntry, Sale } from './ledger.ts';
export type { Answer, Command, Refusal, Request, Totals } from './messages.ts';
export {
  createMockTerminal,
  type MockPlug,
  type MockTerminal,
  type MockTerminalOptions,
  type TranscriptEntry,
} from './mock-terminal.ts';
export { mockTransport } from './mock-transport.ts';
export { type MockPty, openPty } from './pty.ts';
export {
  type Mismatch,
  type ReplayedTerminal,
  type ReplayOptions,
  replayTerminal,
} from './replay.ts';
export { parseSales } from './sales-file.ts';
export type {
  Booked,
  EarlierSale,
  Host,
  HostVerdict,
  Order,
  SimulatedTerminal,
} from './simulated-terminal.ts';
export { type MockTcp, type MockTcpOptions, openTcp } from './tcp.ts';
export { type MockUhid, type MockUhidOptions, openUhid } from './uhid.ts';
