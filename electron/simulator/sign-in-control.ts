/**
 * What the sign-in pages do. `normal`: they behave. The others play an attack or a broken provider.
 * While a page is shown: `popup` opens windows, `never` sends a page that does not end. Once the person has consented
 * or declined: `wrong-state` comes back with a state of its own, `foreign-redirect` goes to `http://evil.localhost` on the
 * simulator's port and `foreign-redirect-https` to `https://evil.example`, both with the code, `external-protocol` asks for
 * another program, `download` sends a file.
 */
export type SignInBehaviour =
  | 'normal'
  | 'wrong-state'
  | 'foreign-redirect'
  | 'foreign-redirect-https'
  | 'popup'
  | 'never'
  | 'download'
  | 'external-protocol';

/** Changed by tests between requests; counts from the next request on. */
export type SignInControl = { behaviour: SignInBehaviour };
