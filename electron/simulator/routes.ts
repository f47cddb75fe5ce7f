import { createApiKey, getProfile, getRoles, getUsage } from './account-endpoints.ts';
import { authenticated, isLogin, versioned } from './authenticate.ts';
import { authorize } from './authorize-page.ts';
import { cancelBatch, createBatch, deleteBatch, getBatch, getBatchResults, listBatches } from './batches.ts';
import { type Exchange, jittered, later } from './exchange.ts';
import { deleteFile, getFile, getFileContent, listFiles, uploadFile } from './files.ts';
import { countTokens, createMessage } from './messages.ts';
import { getModel, listModels } from './models.ts';
import { notFound, sendJson } from './respond.ts';
import { showCode, showStolen } from './sign-in-pages.ts';
import { issueToken } from './token-endpoint.ts';

type Access = 'open' | 'oauth' | 'api';

type Route = {
  method: string;
  /** `:id` stands for one segment. */
  path: string;
  access: Access;
  answer(exchange: Exchange, id: string): void;
};

const alive = (exchange: Exchange): void => {
  exchange.res.writeHead(200, { 'content-type': 'text/plain', 'content-length': '0' }).end();
};

const ROUTES: readonly Route[] = [
  { method: 'POST', path: '/v1/messages', access: 'api', answer: createMessage },
  { method: 'POST', path: '/v1/messages/count_tokens', access: 'api', answer: countTokens },
  { method: 'POST', path: '/v1/messages/batches', access: 'api', answer: createBatch },
  { method: 'GET', path: '/v1/messages/batches', access: 'api', answer: listBatches },
  { method: 'GET', path: '/v1/messages/batches/:id', access: 'api', answer: getBatch },
  { method: 'DELETE', path: '/v1/messages/batches/:id', access: 'api', answer: deleteBatch },
  { method: 'POST', path: '/v1/messages/batches/:id/cancel', access: 'api', answer: cancelBatch },
  { method: 'GET', path: '/v1/messages/batches/:id/results', access: 'api', answer: getBatchResults },
  { method: 'GET', path: '/v1/models', access: 'api', answer: listModels },
  { method: 'GET', path: '/v1/models/:id', access: 'api', answer: getModel },
  { method: 'POST', path: '/v1/files', access: 'api', answer: uploadFile },
  { method: 'GET', path: '/v1/files', access: 'api', answer: listFiles },
  { method: 'GET', path: '/v1/files/:id', access: 'api', answer: getFile },
  { method: 'DELETE', path: '/v1/files/:id', access: 'api', answer: deleteFile },
  { method: 'GET', path: '/v1/files/:id/content', access: 'api', answer: getFileContent },
  { method: 'POST', path: '/v1/oauth/token', access: 'open', answer: issueToken },
  { method: 'GET', path: '/oauth/authorize', access: 'open', answer: authorize },
  { method: 'GET', path: '/cai/oauth/authorize', access: 'open', answer: authorize },
  { method: 'GET', path: '/oauth/code/callback', access: 'open', answer: showCode },
  { method: 'GET', path: '/stolen', access: 'open', answer: showStolen },
  { method: 'GET', path: '/api/oauth/profile', access: 'oauth', answer: getProfile },
  { method: 'GET', path: '/api/oauth/usage', access: 'oauth', answer: getUsage },
  { method: 'GET', path: '/api/oauth/claude_cli/roles', access: 'oauth', answer: getRoles },
  { method: 'POST', path: '/api/oauth/claude_cli/create_api_key', access: 'oauth', answer: createApiKey },
  { method: 'HEAD', path: '/', access: 'open', answer: alive },
  { method: 'HEAD', path: '/api/hello', access: 'open', answer: alive },
];

const EXACT = new Map(ROUTES.map((route) => [`${route.method} ${route.path}`, route]));

const PATTERNS = ROUTES.filter((route) => route.path.includes(':id')).map((route) => ({
  route,
  pattern: new RegExp(`^${route.path.replace(':id', '([^/]+)')}$`),
}));

function find(method: string, path: string): { route: Route; id: string } | null {
  const exact = EXACT.get(`${method} ${path}`);
  if (exact) return { route: exact, id: '' };
  for (const { route, pattern } of PATTERNS) {
    const match = route.method === method ? pattern.exec(path) : null;
    if (match) return { route, id: decodeURIComponent(match[1] ?? '') };
  }
  return null;
}

/** Answers a request as the provider would: credential, version, pause, endpoint. */
export function answerNormally(exchange: Exchange): void {
  const found = find(exchange.record.method, exchange.path);
  if (!found) {
    if (exchange.path.startsWith('/api/event_logging/')) sendJson(exchange, 200, {});
    else notFound(exchange, 'Not found');
    return;
  }
  const { route, id } = found;
  if (route.access !== 'open' && !authenticated(exchange)) return;
  if (route.access === 'oauth' && !isLogin(exchange)) return;
  if (route.access === 'api' && !versioned(exchange)) return;
  const { headMs = 0 } = exchange.world.latency;
  const pause = route.access === 'api' && headMs > 0 ? jittered(exchange.random, headMs) : 0;
  later(exchange, pause, () => route.answer(exchange, id));
}
