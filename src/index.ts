/** Tillwire: ask a payment terminal what it did last, and take it back. */

export type { TerminalState } from './driver/line.ts';
export type { VoidPolicy } from './driver/policy.ts';
export type { Decider } from './driver/recover.ts';
export type { Unsolicited } from './driver/unsolicited.ts';
export type { World } from './driver/world.ts';
export { formatHead } from './journal/head.ts';
export type { Begun, Entry, Intent, Journal, KnownIntent } from './journal/journal.ts';
export { memoryLock, type TerminalLock, terminalLock } from './journal/lock.ts';
export { memoryJournal } from './journal/memory.ts';
export { type JournalPlace, openJournal } from './journal/sqlite.ts';
export { type Language, languages, operatorMessage, promptMessage } from './messages/messages.ts';
export { type Clock, systemClock } from './model/clock.ts';
export { type ErrorCode, type MoneyEffect, TerminalError } from './model/error.ts';
export type {
  Actor,
  CommandEvent,
  ProgressEvent,
  PromptCode,
  ResultEvent,
} from './model/events.ts';
export { clp, formatMoney, type Money } from './model/money.ts';
export type {
  BookingKind,
  ConnectResult,
  Decided,
  Decision,
  Declined,
  LastTransactionResult,
  NotDone,
  PurchaseResult,
  RecoveryResult,
  RefusalReason,
  Refused,
  SettleResult,
  StatusResult,
  TotalsResult,
  VoidResult,
} from './model/results.ts';
export type {
  CardType,
  Identity,
  PurchaseRequest,
  RefundRequest,
  Target,
  Transaction,
  TransactionKind,
  TransactionState,
} from './model/transaction.ts';
export * as profiles from './profiles/commands.ts';
export * as ecr17 from './protocols/ecr17/commands.ts';
export * as idtechNeo2 from './protocols/idtech-neo2/commands.ts';
export * as ingenicoRba from './protocols/ingenico-rba/commands.ts';
export * as privatbank from './protocols/privatbank/commands.ts';
export type {
  Capabilities,
  CommandName,
  MoneyCommand,
  ProtocolCommand,
  Timing,
} from './protocols/protocol.ts';
export * as transbank from './protocols/transbank/commands.ts';
export * as zvt from './protocols/zvt/commands.ts';
export { type Command, result, resultOf } from './terminal/command.ts';
export { openTerminal, systemWorld, type TerminalOptions } from './terminal/open.ts';
export { terminals$, type WatchOptions, watchTerminals } from './terminal/plugged.ts';
export {
  type CommandOptions,
  type MoneyOptions,
  Terminal,
  type VoidOptions,
} from './terminal/terminal.ts';
export type { WireFrame } from './trace/wire-frame.ts';
export type { DeviceQuality, KnownDevice } from './transports/device-table.ts';
export type { PluggedDevice } from './transports/discovery.ts';
export { type HidTransportOptions, hidTransport } from './transports/hid.ts';
export { listSerialPorts, type SerialPortEntry } from './transports/serial-list.ts';
export type {
  CloseReason,
  Connection,
  ConnectionListener,
  Transport,
} from './transports/transport.ts';
