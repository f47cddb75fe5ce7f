import {
  LayoutDashboard,
  List,
  type LucideIcon,
  MessagesSquare,
  PlugZap,
  Settings2,
  Users,
} from 'lucide-react';
import { useMemo, useSyncExternalStore } from 'react';
import type { PushPayload } from '../../shared/ipc/contract.ts';

/** Pages as the main process names them; it may know one that this window does not have. */
type NamedPage = PushPayload<'navigate'>['page'];

/** Pages in the order of the sidebar and of Ctrl/Cmd+1.. */
export const PAGES = [
  { page: 'overview', label: 'Overview', icon: LayoutDashboard },
  { page: 'sessions', label: 'Sessions', icon: MessagesSquare },
  { page: 'requests', label: 'Requests', icon: List },
  { page: 'accounts', label: 'Accounts', icon: Users },
  { page: 'clients', label: 'Clients', icon: PlugZap },
  { page: 'settings', label: 'Settings', icon: Settings2 },
] as const satisfies readonly { page: NamedPage; label: string; icon: LucideIcon }[];

/** Pages that exist. */
export type PageName = (typeof PAGES)[number]['page'];

/** A page, and what on it: a request, an account, a group of settings; or the text its list is filtered by. */
export type Route = { page: PageName; id: string | null; text: string | null };

/** Address of a page, kept in the hash so that reloads and back work. */
export function hrefOf(page: NamedPage, id?: string): string {
  return id === undefined ? `#/${page}` : `#/${page}/${encodeURIComponent(id)}`;
}

/** Address of the request log, narrowed to a text such as the id of a session. */
export function requestsHref(text: string): string {
  return `#/requests?text=${encodeURIComponent(text)}`;
}

/** Goes to a page; one that does not exist leads to the overview. */
export function navigate(page: NamedPage, id?: string): void {
  window.location.hash = hrefOf(page, id);
}

/** Reads a hash; anything unknown is the overview. */
export function parseHash(hash: string): Route {
  const [path = '', query = ''] = hash.split('?', 2);
  const [, name, rawId] = path.split('/');
  const known = PAGES.find((entry) => entry.page === name);
  if (!known) return { page: 'overview', id: null, text: null };
  return { page: known.page, id: rawId ? decode(rawId) : null, text: new URLSearchParams(query).get('text') };
}

function decode(text: string): string | null {
  try {
    return decodeURIComponent(text);
  } catch {
    return null;
  }
}

function subscribe(listener: () => void): () => void {
  window.addEventListener('hashchange', listener);
  return () => window.removeEventListener('hashchange', listener);
}

/** Where the window is. */
export function useRoute(): Route {
  const hash = useSyncExternalStore(subscribe, () => window.location.hash);
  return useMemo(() => parseHash(hash), [hash]);
}
