import { describe, expect, it } from 'vitest';
import { wishesOf } from './second-instance.ts';

describe('second start', () => {
  it.each([
    [
      { window: true, restoreClients: false },
      { window: true, restoreClients: false },
    ],
    [{ restoreClients: true }, { window: false, restoreClients: true }],
  ])('%j is understood', (other, wishes) => expect(wishesOf(other)).toEqual(wishes));

  it.each([[null], [undefined], ['window'], [{ window: 'yes', restoreClients: 1 }], [[true]], [{}]])(
    'attack: %j wishes for nothing',
    (other) => expect(wishesOf(other)).toEqual({ window: false, restoreClients: false }),
  );
});
