/** One subscription window as the `anthropic-ratelimit-unified-*` headers describe it. */
export type UnifiedWindow = {
  /** Fraction used; 1 is full, more than 1 is possible. */
  utilization: number;
  /** UTC ms. When the clock passes it, the window is empty again and the next one begins. */
  resetAt: number;
  /** Fraction that one answered message uses. Default 0. */
  burnPerRequest?: number;
};

/** `7d_oi` is the week of the largest models that includes overage; the others carry their model in the name. */
export type UnifiedWindowName = '5h' | '7d' | '7d_opus' | '7d_sonnet' | '7d_oi';

/** One API-key limit (Messages API rate-limit reference). Refills at once at `resetAt`, not continuously. */
export type ApiKeyLimit = {
  limit: number;
  remaining: number;
  /** UTC ms. */
  resetAt: number;
  /** False: the headers are sent but nothing is ever taken from `remaining`. Default true. */
  burns?: boolean;
};

export type ApiKeyLimitName = 'requests' | 'input-tokens' | 'output-tokens';

/** Paid extra usage of a subscription. `allowed` keeps a full window answering, with status `rejected` on the 200. */
export type SimulatedOverage = {
  status: 'allowed' | 'allowed_warning' | 'rejected';
  utilization?: number;
  /** UTC ms. */
  resetAt?: number;
  disabledReason?: string;
};

/** What limits an account: the unified windows count for OAuth accounts, the others for API keys. */
export type SimulatedWindows = Partial<Record<UnifiedWindowName, UnifiedWindow>> &
  Partial<Record<ApiKeyLimitName, ApiKeyLimit>> & { overage?: SimulatedOverage };

/** What one message takes from the limits. */
export type Consumption = { model: string; inputTokens: number; outputTokens: number };

/** Whether the account may answer, with the rate-limit headers that say so. */
export type Admission = { admitted: boolean; headers: Record<string, string> };
