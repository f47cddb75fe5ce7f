import type { RequestRecord } from '../../../shared/request-record.ts';
import type { HeaderLookup } from '../limit-ports.ts';
import { askedOf } from '../limits/buckets.ts';
import { classifyStreamError } from '../limits/classify.ts';
import { isPaidAsOverage } from '../limits/classify-overage.ts';
import { planHeaders } from '../limits/plan-headers.ts';
import type { Account, Plan, RoutingRequest } from '../ports.ts';
import type { Attempt } from './attempt.ts';
import type { Ledger } from './ledger.ts';
import type { PassDeps, PassRequest } from './pass-contract.ts';
import type { ProxyCore } from './proxy-core.ts';
import { restAccount } from './rest-account.ts';
import { joinBoard, noteSession } from './session-move.ts';

/** An answer that is about to be delivered, and how it was found. */
export type Served = {
  readonly attempt: Attempt;
  readonly account: Account;
  readonly routing: RoutingRequest;
  readonly plan: Plan;
  readonly request: PassRequest;
  /** By the account that is set aside; it binds nothing, so that its sessions go home. */
  readonly paid: boolean;
};

/** Takes in what the head of an answer says of its account, whatever becomes of the answer. */
export function noteHead(
  { limits, accounts, clock }: Pick<PassDeps, 'limits' | 'accounts' | 'clock'>,
  { inference }: PassRequest,
  headers: HeaderLookup,
  { id }: Account,
): void {
  limits.observe(id, inference ? headers : planHeaders(headers), clock.now());
  const organization = headers.get('anthropic-organization-id');
  if (organization !== undefined) accounts.sawOrganization(id, organization);
}

/** Lets everybody know which account serves a request. */
export function noteServed(core: ProxyCore, ledger: Ledger, served: Served): void {
  const { accounts, limits, balancer, clock, news } = core;
  const { attempt, account, routing, request, paid } = served;
  const { inference } = request;
  accounts.touched(account.id, clock.now());
  if (attempt.status >= 400) return;
  // The verdict about overage rests on the same header, so that says all.
  ledger.overage = account.kind === 'oauth' && isPaidAsOverage(attempt.headers);
  // Nobody may have known before that it costs money.
  if (ledger.overage) ledger.pledged(core.caps.pledge(account, request));
  joinBoard(core, ledger);
  const { model, sessionId } = ledger;
  if (inference) limits.served(account.id, askedOf(ledger));
  if (paid) news.paidFallback(account);
  else if (!attempt.guest) balancer.served({ ...routing, model, sessionId }, account.id);
  noteSession(core, ledger, served);
}

/** Passes a finished request on to the session board and, where it cost money, to the sums of the month. */
export function noteRecord(core: ProxyCore, ledger: Ledger, record: RequestRecord): void {
  if (ledger.onBoard) core.board.ended(record);
  noteCost(core, ledger, record);
  ledger.pledged(null);
}

function noteCost(core: ProxyCore, ledger: Ledger, record: RequestRecord): void {
  const { accountId, accountKind } = record;
  if (accountId === null || (accountKind !== 'api-key' && !ledger.overage)) return;
  const cost = record.costNanoUsd ?? costAsAsked(core, record);
  if (cost !== null && cost > 0) core.spend.note(accountId, cost, ledger.overage, core.clock.now());
}

/** An endpoint may answer under a name of its own that has no price. A cap counts the model that was asked for then. */
function costAsAsked({ price }: ProxyCore, { model, usage, startedAt }: RequestRecord): number | null {
  return usage === null ? null : price(model, usage, startedAt);
}

/** An error event inside a good answer: too late to go elsewhere, but a limit counts for the next request. */
export function noteErrorInAnswer(core: ProxyCore, ledger: Ledger, type: string): void {
  ledger.failed(type, ledger.errorMessage ?? 'The provider reported an error in its answer.');
  if (ledger.account === null || (ledger.status ?? 500) >= 400) return;
  const now = core.clock.now();
  const verdict = classifyStreamError(type, now);
  if (verdict.cooldown !== undefined) restAccount(core, ledger.account.id, verdict, now);
}
