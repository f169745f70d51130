import { onlyOn } from '../only.ts';
import { name } from './protocol.ts';
import * as requests from './requests.ts';

export type { HealthResult, ResetResult } from './requests.ts';

/** The pad's report on itself. */
export const healthCheck = () => onlyOn(name, 'healthCheck', requests.healthCheck);

/** Drops whatever the pad is asking the customer. */
export const reset = () => onlyOn(name, 'reset', requests.reset);
