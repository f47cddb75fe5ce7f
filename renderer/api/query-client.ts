import { QueryClient } from '@tanstack/react-query';

/**
 * All data is local, so being offline must not pause anything (`always`), errors carry codes and a second
 * try changes nothing, and push events keep data fresh instead of refetching on focus.
 */
export function createQueryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: {
        networkMode: 'always',
        retry: false,
        staleTime: Number.POSITIVE_INFINITY,
        refetchOnWindowFocus: false,
        refetchOnReconnect: false,
      },
      mutations: { networkMode: 'always', retry: false },
    },
  });
}
