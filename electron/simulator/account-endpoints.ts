import type { SimulatedAccountState } from './account-state.ts';
import type { Exchange } from './exchange.ts';
import type { JsonObject } from './json.ts';
import { sendError, sendJson } from './respond.ts';
import { rollUnified, unifiedWindows } from './unified-limits.ts';
import type { SimulatedWindows, UnifiedWindow, UnifiedWindowName } from './windows.ts';

/** True when the account's token carries `scope`; otherwise the 403 has been sent. */
function scoped(exchange: Exchange, scope: string): boolean {
  if (exchange.account?.scopes.includes(scope)) return true;
  const message = `OAuth token does not meet scope requirement: ${scope}`;
  sendError(exchange, 403, { type: 'permission_error', message });
  return false;
}

/** `GET /api/oauth/profile`. */
export function getProfile(exchange: Exchange): void {
  const { account } = exchange;
  if (!account || !scoped(exchange, 'user:profile')) return;
  sendJson(exchange, 200, {
    account: {
      uuid: account.accountId,
      email: account.email,
      full_name: account.name,
      display_name: account.name,
      has_claude_max: account.organizationType === 'claude_max',
      has_claude_pro: account.organizationType === 'claude_pro',
    },
    organization: {
      uuid: account.organizationId,
      name: account.organizationName,
      organization_type: account.organizationType,
      billing_type: 'stripe_subscription',
      rate_limit_tier: account.rateLimitTier,
    },
  });
}

/** `GET /api/oauth/claude_cli/roles`. */
export function getRoles(exchange: Exchange): void {
  const { account } = exchange;
  if (!account || !scoped(exchange, 'user:profile')) return;
  sendJson(exchange, 200, {
    organization_uuid: account.organizationId,
    organization_role: 'admin',
    workspace_role: null,
  });
}

/** `POST /api/oauth/claude_cli/create_api_key`: a key of the same organization, good at once. */
export function createApiKey(exchange: Exchange): void {
  const { account, world } = exchange;
  if (!account || !scoped(exchange, 'org:create_api_key')) return;
  const rawKey = world.newId('sk-ant-api03-sim-');
  const spec = {
    name: `${account.name} ${rawKey.slice(-6)}`,
    kind: 'api-key' as const,
    secret: rawKey,
    organizationId: account.organizationId,
  };
  world.accounts.add(spec, world.clock.now());
  sendJson(exchange, 200, { raw_key: rawKey });
}

/** `GET /api/oauth/usage` in the shape of 2025 (flat windows) or 2026 (a list of limits besides). */
export function getUsage(exchange: Exchange): void {
  const { account } = exchange;
  if (!account || !scoped(exchange, 'user:profile')) return;
  rollUnified(account.windows, exchange.world.clock.now());
  sendJson(exchange, 200, account.usageShape === '2025' ? flatUsage(account) : listedUsage(account));
}

function flatWindow(window: UnifiedWindow | undefined): JsonObject | null {
  return window ? { utilization: percent(window), resets_at: new Date(window.resetAt).toISOString() } : null;
}

function flatUsage({ windows }: SimulatedAccountState): JsonObject {
  return {
    five_hour: flatWindow(windows['5h']),
    seven_day: flatWindow(windows['7d']),
    seven_day_oauth_apps: null,
    seven_day_opus: flatWindow(windows['7d_opus']),
    seven_day_sonnet: flatWindow(windows['7d_sonnet']),
    extra_usage: {
      is_enabled: windows.overage !== undefined,
      monthly_limit: null,
      used_credits: 0,
      utilization: null,
    },
  };
}

const SCOPES: Partial<Record<UnifiedWindowName, string>> = {
  '7d_opus': 'Opus',
  '7d_sonnet': 'Sonnet',
  '7d_oi': 'Fable',
};

function listedUsage(account: SimulatedAccountState): JsonObject {
  const limits = unifiedWindows(account.windows).map(({ name, window }) => ({
    kind: name === '5h' ? 'session' : name === '7d' ? 'weekly_all' : 'weekly_scoped',
    group: name === '5h' ? 'session' : 'weekly',
    percent: percent(window),
    resets_at: new Date(window.resetAt).toISOString(),
    scope:
      SCOPES[name] === undefined ? null : { model: { id: null, display_name: SCOPES[name] }, surface: null },
    severity: window.utilization >= 1 ? 'critical' : window.utilization >= 0.9 ? 'warning' : 'normal',
    is_active: window.utilization > 0,
  }));
  return { ...flatUsage(account), limits, spend: spend(account.windows) };
}

function spend(windows: SimulatedWindows): JsonObject {
  const enabled = windows.overage !== undefined && windows.overage.status !== 'rejected';
  return {
    used: { amount_minor: 0, currency: 'USD', exponent: 2 },
    limit: null,
    percent: Math.round((windows.overage?.utilization ?? 0) * 100),
    severity: 'normal',
    enabled,
    disabled_reason: enabled ? null : (windows.overage?.disabledReason ?? 'overage_not_provisioned'),
  };
}

const percent = (window: UnifiedWindow): number => Math.round(window.utilization * 1000) / 10;
