import { parseArgs } from 'node:util';
import { type SimulatorAccount, startSimulator } from './simulator.ts';

const { values } = parseArgs({
  options: {
    port: { type: 'string', default: '0' },
    seed: { type: 'string', default: '1' },
    accounts: { type: 'string', default: '[]' },
    'head-ms': { type: 'string', default: '0' },
    'event-interval-ms': { type: 'string', default: '0' },
    record: { type: 'boolean', default: false },
  },
});

/** Runs a simulator as its own process: one JSON line with its url, then requests until SIGTERM or SIGINT. */
const simulator = await startSimulator({
  port: Number(values.port),
  seed: Number(values.seed),
  accounts: JSON.parse(values.accounts) as SimulatorAccount[],
  latency: { headMs: Number(values['head-ms']), eventIntervalMs: Number(values['event-interval-ms']) },
  recordRequests: values.record,
});

process.stdout.write(`${JSON.stringify({ url: simulator.url })}\n`);
for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => void simulator.close());
