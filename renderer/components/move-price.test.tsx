import { render } from '@testing-library/react';
import { expect, it } from 'vitest';
import { makeMove } from '../testing/session-fixtures.ts';
import { MovePrice } from './move-price.tsx';

it.each([
  [
    'is known',
    {},
    /^82\.4k cached tokens had to be written again, which cost \$0\.47 more than reading them\.$/,
  ],
  ['had gone cold', { cacheTokens: 0, costNanoUsd: 0 }, /was cold/],
  ['nobody knows, as after a restart', { cacheTokens: null, costNanoUsd: null }, /cached there is not known/],
])('the price of a move whose cache %s', (_, move, words) => {
  expect(render(<MovePrice move={makeMove(move)} />).container.textContent).toMatch(words);
});
