import { expect, test } from 'vitest';
import { Roster } from './roster.ts';

function rosterOf(count: number) {
  const roster = new Roster<{ place: number; name: number }>();
  const members = Array.from({ length: count }, (_, name) => ({ place: -1, name }));
  for (const member of members) roster.add(member);
  const names = () => [...roster].map(({ name }) => name).sort();
  return { roster, members, names };
}

test('holds what was added until it is removed, whichever leaves', () => {
  for (const leaving of [0, 1, 2]) {
    const { roster, members, names } = rosterOf(3);
    const gone = members[leaving];
    if (gone !== undefined) roster.remove(gone);
    expect(roster.size).toBe(2);
    expect(names()).toEqual([0, 1, 2].filter((name) => name !== leaving));
  }
});

test('removing twice takes nobody else out, and who left may come back', () => {
  const { roster, members, names } = rosterOf(2);
  const [first] = members;
  if (first === undefined) throw new Error('no member');
  roster.remove(first);
  roster.remove(first);
  expect(names()).toEqual([1]);
  roster.add(first);
  expect(names()).toEqual([0, 1]);
});

test('members may leave while it is gone over, and everyone is seen', () => {
  const { roster } = rosterOf(5);
  const seen: number[] = [];
  for (const member of roster) {
    seen.push(member.name);
    roster.remove(member);
  }
  expect(seen.sort()).toEqual([0, 1, 2, 3, 4]);
  expect(roster.size).toBe(0);
});
