import { startUp } from './app/start-up.ts';

// Start-up must not wait for `ready` at the top level: Electron becomes ready only after this module has run.
startUp(new URL('./', import.meta.url));
