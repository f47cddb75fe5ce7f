import { cleanup } from '@testing-library/react';
import { afterEach, beforeEach, vi } from 'vitest';
import { closeDialog } from '../app/dialog-slot.ts';
import { NOW } from './fixtures.ts';

/** happy-dom lays nothing out, so the virtual list is given a size to fill. */
Object.defineProperty(HTMLElement.prototype, 'clientHeight', { configurable: true, get: () => 640 });
Object.defineProperty(HTMLElement.prototype, 'clientWidth', { configurable: true, get: () => 960 });
Element.prototype.scrollIntoView = () => undefined;

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date'] });
  vi.setSystemTime(NOW);
});

afterEach(() => {
  closeDialog();
  cleanup();
  vi.useRealTimers();
  window.location.hash = '';
});
