import { onlyOn } from '../only.ts';
import { name } from './protocol.ts';
import * as requests from './requests.ts';

export type { CancelResult, FirmwareResult } from './requests.ts';

/** The version of the reader's firmware. */
export const firmwareVersion = () => onlyOn(name, 'firmwareVersion', requests.firmwareVersion);

/** Stops reading a card. */
export const cancel = () => onlyOn(name, 'cancel', requests.cancel);
