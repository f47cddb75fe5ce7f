import type { AddressFacts } from '../own-address.ts';
import { ADDRESS } from '../placement.ts';
import { type Fact, type Fix, type Place, winner } from './facts.ts';
import { aboutFact, type Diagnosis, type Examined } from './finding.ts';

/** Findings about who Claude Code is told to talk to. */
export function addressFindings(examined: Examined): Diagnosis[] {
  const { heeded, leadsTo } = examined;
  const first = winner(heeded, ADDRESS);
  return heeded
    .filter((fact) => fact.name === ADDRESS && fact.value !== '')
    .map((fact) => {
      const leads = leadsTo(fact.value);
      if (fact.place.kind !== 'project' && fact !== first && first !== null)
        return shadowed(fact, leads, first);
      return leads.kind === 'own' ? own(fact, leads.current) : foreign(fact, leads);
    });
}

/** Where an address leads, in words. Of what shells hold no more is told than which program on this computer it is. */
export function destination(leads: AddressFacts, { kind }: Place): string {
  switch (leads.kind) {
    case 'own':
      return 'this app';
    case 'local':
      return `another program on this computer, ${leads.host}${leads.looksLike === null ? '' : ` (looks like ${leads.looksLike})`}`;
    case 'remote':
      return kind === 'shell' || kind === 'session' ? 'another address' : leads.host;
    case 'unclear':
      return 'an address that cannot be read';
  }
}

function own(fact: Fact, current: boolean): Diagnosis {
  if (current) {
    const detail = 'Claude Code keeps its own login; only the way of its requests changes.';
    return aboutFact(
      fact,
      { level: 'ok', title: `${ADDRESS} names this app (${fact.place.label}).`, detail },
      null,
    );
  }
  const title = `${ADDRESS} names an old port or key of this app (${fact.place.label}).`;
  const detail = 'Requests fail while it stands there. Set Claude Code up again, or remove the old address.';
  return aboutFact(fact, { level: 'warn', title, detail }, awayOf(fact));
}

function foreign(fact: Fact, leads: AddressFacts): Diagnosis {
  const title = `${ADDRESS} names ${destination(leads, fact.place)} (${fact.place.label}).`;
  switch (fact.place.kind) {
    case 'managed':
      return aboutFact(fact, {
        level: 'bad',
        title,
        detail: 'Settings of your organisation win over your own. Only who administers them can change this.',
      });
    case 'project':
      return aboutFact(fact, {
        level: 'warn',
        title,
        detail: 'In this project Claude Code goes there instead, once it trusts the folder.',
      });
    case 'user': {
      const detail = 'Setting Claude Code up replaces this value, and restoring puts it back.';
      return aboutFact(fact, { level: 'info', title, detail }, null);
    }
    case 'shell':
      return aboutFact(fact, {
        level: 'warn',
        title,
        detail: 'It counts until Claude Code is set up here: its settings file wins over shells.',
      });
    case 'session':
      return aboutFact(fact, {
        level: 'warn',
        title,
        detail:
          'It comes from your system or from the terminal that started this app; the settings file wins over it.',
      });
  }
}

function shadowed(fact: Fact, leads: AddressFacts, by: Fact): Diagnosis {
  const title = `${ADDRESS} names ${destination(leads, fact.place)}, without effect (${fact.place.label}).`;
  const detail = `Claude Code takes the address from ${by.place.label}, which wins. Other programs may still use this one.`;
  return aboutFact(fact, { level: 'info', title, detail }, awayOf(fact));
}

/** The address in the user's own settings is the business of the set-up, which remembers what it replaced. */
function awayOf(fact: Fact): Fix | null {
  return fact.place.kind === 'user' ? null : fact.away;
}
