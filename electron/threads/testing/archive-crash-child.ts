import { systemClock } from '../../core/clock.ts';
import { createRecorder } from '../../core/recording/recorder.ts';
import { sampleRecord } from '../../core/recording/testing/sample-record.ts';
import { startArchiveThread } from './archive-thread.ts';

/** A process that records steadily until it is killed, and says what it recorded and when: `<id> <UTC ms>` lines. */
const [dataDir = ''] = process.argv.slice(2);
const silent = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };

const archive = startArchiveThread(dataDir);
await archive.client.call('start', undefined);
const recorder = createRecorder({ clock: systemClock, log: silent, onDropped: () => {} });
recorder.attach(archive.enginePort());
let count = 0;
setInterval(() => {
  const now = Date.now();
  let lines = '';
  for (let n = 0; n < 5; n += 1) {
    count += 1;
    recorder.record(sampleRecord({ id: `id-${count}`, startedAt: now }));
    lines += `id-${count} ${now}\n`;
  }
  process.stdout.write(lines);
}, 5);
