import type { AccountPool, Balancer } from '../ports.ts';
import type { SessionBoard } from '../routing-ports.ts';
import type { ResourceStore } from '../store-ports.ts';
import type { CreateUsageTap, PriceUsage } from '../usage-ports.ts';
import type { Holds } from './holds.ts';
import type { PassDeps } from './pass-contract.ts';
import type { ReplayBudget } from './replay-budget.ts';

/** What every exchange shares. */
export type ProxyCore = PassDeps & {
  readonly accounts: AccountPool;
  readonly balancer: Balancer;
  readonly board: SessionBoard;
  readonly holds: Holds;
  readonly createTap: CreateUsageTap;
  readonly price: PriceUsage;
  readonly resources: Pick<ResourceStore, 'accountOf' | 'put'>;
  readonly budget: ReplayBudget;
  /** Where requests with the client's own credential go. */
  readonly defaultBaseUrl: string;
};
