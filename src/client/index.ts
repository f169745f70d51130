/** Tillwire from a browser or another process, by way of `tillwire serve`. */

export type {
  CommandEventView,
  CommandKind,
  CommandState,
  CommandView,
  DecisionBody,
  FailureView,
  GreetingView,
  JournalView,
  MeView,
  Money,
  QuestionBody,
  RefundBody,
  ResultView,
  SaleBody,
  SnapshotView,
  TerminalView,
  TransactionView,
  VoidBody,
} from '../bridge/schemas.ts';
export { Bridge, type BridgeEvent, type BridgeOptions, type Paired } from './client.ts';
export { BridgeError, type Problem } from './error.ts';
