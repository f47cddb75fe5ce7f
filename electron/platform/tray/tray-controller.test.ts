import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { sampleAccount, samplePool, sampleState } from '../testing/sample-state.ts';
import { createTray } from './tray-controller.ts';

type Item = { id?: string; click?: () => void; submenu?: Item[] };

/** What was done to the tray, and its listeners. */
const { done, listeners, desktop } = vi.hoisted(() => ({
  done: [] as string[],
  listeners: new Map<string, () => void>(),
  desktop: { hasTray: true, tooltip: '' },
}));
vi.mock('electron', () => {
  const on = (event: string, listener: () => void) => listeners.set(event, listener);
  class Tray {
    on = on;
    constructor() {
      if (!desktop.hasTray) throw new Error('no tray here');
    }
    setImage = () => done.push('image');
    setToolTip = (text: string) => {
      done.push('tooltip');
      desktop.tooltip = text;
    };
    setContextMenu = () => done.push('menu');
    destroy = () => done.push('destroy');
  }
  return {
    Tray,
    Menu: {
      buildFromTemplate: (items: Item[]) => {
        for (const { id, click } of items.flatMap((item) => [item, ...(item.submenu ?? [])]))
          if (id && click) listeners.set(`item:${id}`, click);
        return { on };
      },
    },
    nativeImage: { createFromPath: (file: string) => file },
  };
});

const here = path.dirname(fileURLToPath(import.meta.url));
const iconFolder = path.resolve(here, '../../../resources/tray');
const empty = sampleState();
const able = sampleState({ accounts: [sampleAccount()], pool: samplePool() });

function make(onCommand: (id: string) => void = () => {}) {
  const tray = createTray({ iconFolder, dark: () => true, onCommand });
  if (tray === null) throw new Error('no tray');
  return tray;
}

beforeEach(() => {
  done.length = 0;
  listeners.clear();
  desktop.hasTray = true;
});

describe('tray', () => {
  it('sets nothing again that has not changed', () => {
    const tray = make();
    tray.update(empty);
    expect(done).toEqual(['image', 'tooltip', 'menu']);
    tray.update({ ...empty });
    expect(done).toHaveLength(3);
    tray.update(able);
    expect(done).toHaveLength(6);
  });

  it('leaves an open menu alone and catches up when it closes', () => {
    const tray = make();
    tray.update(empty);
    listeners.get('menu-will-show')?.();
    tray.update(able);
    expect(done.filter((what) => what === 'menu')).toHaveLength(1);
    listeners.get('menu-will-close')?.();
    expect(done.filter((what) => what === 'menu')).toHaveLength(2);
  });

  it('opens the dashboard on a plain click', () => {
    const onCommand = vi.fn();
    make(onCommand);
    listeners.get('click')?.();
    expect(onCommand).toHaveBeenCalledWith('open');
  });

  it('counts down by itself while accounts are awaited, and stops when it is taken away', () => {
    vi.useFakeTimers({ now: 0 });
    onTestFinished(() => void vi.useRealTimers());
    const tray = make();
    tray.update(sampleState({ pool: samplePool({ phase: 'cooling', canServe: 0, backAt: 45_000 }) }));
    expect(desktop.tooltip).toContain('in 45 s');
    vi.advanceTimersByTime(10_000);
    expect(desktop.tooltip).toContain('in 35 s');
    tray.destroy();
    expect(vi.getTimerCount()).toBe(0);
  });

  it('does not tick while nobody is awaited', () => {
    vi.useFakeTimers();
    onTestFinished(() => void vi.useRealTimers());
    make().update(able);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('makes the menu anew after a choice, since the system has ticked the item by itself', () => {
    const onCommand = vi.fn();
    const tray = make(onCommand);
    tray.update(able);
    listeners.get('item:use:a1')?.();
    expect(onCommand).toHaveBeenCalledWith('use:a1');
    tray.update({ ...able });
    expect(done.filter((what) => what === 'menu')).toHaveLength(2);
  });

  it('a change after it was taken away is no error', () => {
    const tray = make();
    tray.destroy();
    tray.update(able);
    expect(done).toEqual(['destroy']);
  });

  it('a desktop without one, or missing icons, is no error', () => {
    desktop.hasTray = false;
    expect(createTray({ iconFolder, dark: () => true, onCommand: () => {} })).toBeNull();
    expect(createTray({ iconFolder: '/nowhere', dark: () => true, onCommand: () => {} })).toBeNull();
  });
});
