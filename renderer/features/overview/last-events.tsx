import { CircleAlert, CircleCheck, Info, TriangleAlert } from 'lucide-react';
import type { AppEvent } from '../../../shared/app-state.ts';
import { useSlice } from '../../api/queries.ts';
import { Time } from '../../components/time.tsx';

const SHOWN = 6;
const LOOKS = {
  info: { icon: Info, tone: 'paused', word: 'Information' },
  good: { icon: CircleCheck, tone: 'serving', word: 'Good' },
  warn: { icon: TriangleAlert, tone: 'cooling', word: 'Warning' },
  bad: { icon: CircleAlert, tone: 'spent', word: 'Problem' },
} as const;

/** What happened lately that a person would want to know, newest first. */
export function LastEvents() {
  const events = useSlice('events').slice(0, SHOWN);
  return (
    <section aria-labelledby="events-title">
      <div className="section-head">
        <h2 id="events-title">Last events</h2>
      </div>
      {events.length === 0 && <p className="small faint">Nothing has happened yet.</p>}
      <ul className="events">
        {events.map((event) => (
          <EventRow key={event.id} event={event} />
        ))}
      </ul>
    </section>
  );
}

function EventRow({ event }: { event: AppEvent }) {
  const { icon: Icon, tone, word } = LOOKS[event.level];
  return (
    <li data-tone={tone}>
      <Icon size={14} aria-label={word} role="img" />
      <span>{event.message}</span>
      <Time at={event.at} />
    </li>
  );
}
