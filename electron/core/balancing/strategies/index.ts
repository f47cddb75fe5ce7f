import type { Settings } from '../../../../shared/settings.ts';
import type { Strategy } from '../strategy.ts';
import { drainSoonest } from './drain-soonest.ts';
import { leastUsed } from './least-used.ts';
import { priority } from './priority.ts';
import { roundRobin } from './round-robin.ts';
import { session } from './session.ts';

/** Every strategy a user can choose. */
export const STRATEGY_OF: Record<Settings['strategy'], Strategy> = {
  session,
  'drain-soonest': drainSoonest,
  priority,
  'least-used': leastUsed,
  'round-robin': roundRobin,
};
