import { ecr17Faults } from '../../mocks/ecr17-faults.ts';
import { type FaultName, faults } from '../../mocks/faults.ts';
import { paxPoslinkFaults } from '../../mocks/pax-poslink-faults.ts';
import { privatbankFaults } from '../../mocks/privatbank-faults.ts';
import { zvtFaults } from '../../mocks/zvt-faults.ts';

const isFault = (name: string): name is FaultName => Object.hasOwn(faults, name);

export const namesOf = (table: object): readonly FaultName[] => Object.keys(table).filter(isFault);

/** Named faults that only the terminals of one protocol can have. */
const own = {
  ecr17: ecr17Faults,
  zvt: zvtFaults,
  privatbank: privatbankFaults,
  'pax-poslink': paxPoslinkFaults,
} as const;

/** Those of all other protocols; without a name, of each. */
export const faultsOfOthers = (protocol?: keyof typeof own): readonly FaultName[] =>
  Object.entries(own).flatMap(([name, table]) => (name === protocol ? [] : namesOf(table)));
